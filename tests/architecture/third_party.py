"""Fields of models that are not ours, by class of data: they cannot say it themselves."""

THIRD_PARTY: dict[str, dict[str, str]] = {
    # Not used for sign-in: addresses live in people.Identifier. The tables stay empty.
    "account.EmailAddress": {"A": "id user verified primary", "C": "email"},
    "account.EmailConfirmation": {"A": "id email_address created sent", "C": "key"},
    # The secret of a second factor.
    "mfa.Authenticator": {"A": "id user type created_at last_used_at", "D": "data"},
    "usersessions.UserSession": {
        "A": "id user created_at last_seen_at",
        "C": "ip user_agent session_key data",
    },
    "sessions.Session": {"A": "expire_date", "C": "session_key session_data"},
    "auth.Permission": {"A": "id name content_type codename"},
    "auth.Group": {"A": "id name"},
    "contenttypes.ContentType": {"A": "id app_label model"},
}
