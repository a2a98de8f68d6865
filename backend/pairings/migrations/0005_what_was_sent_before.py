from django.db import migrations


class Migration(migrations.Migration):
    """Offers made before had been sent at once; mentorings that come to an end close in a month."""

    dependencies = [("pairings", "0004_from_suggestion_to_goodbye")]

    operations = [
        migrations.RunSQL(
            [
                "UPDATE pairings_offer SET sent_at = released_at WHERE sent_at IS NULL",
                "UPDATE pairings_pairing SET end_reason = 'plan', closes_at = now() + interval '30 days' "
                "WHERE state = 'winding_down'",
                "UPDATE pairings_pairingmember SET takes_place = false WHERE until_at IS NULL AND pairing_id IN "
                "(SELECT id FROM pairings_pairing WHERE state = 'winding_down')",
            ],
            migrations.RunSQL.noop,
        )
    ]
