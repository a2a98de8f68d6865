from django.db import migrations, models


class Migration(migrations.Migration):
    """Constraints, apart from the data that must be right before they hold."""

    dependencies = [("pairings", "0005_what_was_sent_before")]

    operations = [
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', False), models.Q(('first_accepted_at', None), ('reminded_at', None)), _connector='OR'), name='offer_is_answered_after_it_was_sent'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state', 'ended'), models.Q(('end_reason', ''), _negated=True)), models.Q(('closes_at__isnull', False), ('ended_at', None), ('state', 'winding_down'), models.Q(('end_reason', ''), _negated=True)), models.Q(('closes_at', None), ('end_reason', ''), ('ended_at', None), ('state__in', ('active', 'paused'))), _connector='OR'), name='pairing_ended_has_time_and_reason'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'paused'), ('pause_reason', ''), _connector='OR'), name='pairing_that_goes_on_has_no_reason_to_pause'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('aside', 'later'), ('aside_until__isnull', False)), models.Q(models.Q(('aside', 'later'), _negated=True), ('aside_until', None)), _connector='OR'), name='suggestion_put_off_says_until_when'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('aside', ''), ('state', 'proposed'), _connector='OR'), name='suggestion_put_aside_is_not_decided'),
        ),
        migrations.AddConstraint(
            model_name='whatif',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kept_at', None), ('kept_by', None)), models.Q(('kept_at__isnull', False), ('kept_by__isnull', False), ('state', 'done')), _connector='OR'), name='what_if_kept_says_when_and_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='pairingevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('offer', None), ('pairing', None), ('suggestion__isnull', False), ('transfer', None)), models.Q(('offer__isnull', False), ('pairing', None), ('suggestion', None), ('transfer', None)), models.Q(('offer', None), ('pairing__isnull', False), ('suggestion', None), ('transfer', None)), models.Q(('offer', None), ('pairing', None), ('suggestion', None), ('transfer__isnull', False)), _connector='OR'), name='event_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='mentorchoice',
            constraint=models.UniqueConstraint(fields=('run', 'mentor'), name='mentor_chooses_once_in_a_run'),
        ),
        migrations.AddConstraint(
            model_name='offerquestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='question_answered_says_what_when_and_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('asking', 'agreed'))), fields=('profile',), name='person_moves_to_one_place'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('asking', 'agreed')), ('closed_at__isnull', False), _connector='XOR'), name='transfer_closed_says_when'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_at__isnull', False), models.Q(('state__in', ['agreed', 'taken']), _negated=True), _connector='OR'), name='transfer_needs_the_persons_yes'),
        ),
    ]
