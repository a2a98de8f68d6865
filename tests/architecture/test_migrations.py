"""Models and migrations agree."""

import io

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_pending() -> None:
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, verbosity=1)
    except SystemExit:
        pytest.fail(
            f"Run manage.py makemigrations, name the file by its intent, and commit it:\n{said.getvalue()}"
        )


def test_the_checks_of_django_are_clean() -> None:
    call_command("check", fail_level="WARNING")
