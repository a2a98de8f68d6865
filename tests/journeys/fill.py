"""Fill an empty database with the example, small, as a process: `python -m tests.journeys.fill`."""

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    from tests.factories.example_towns import make_example_towns

    call_command("migrate", verbosity=0)
    make_example_towns()
    call_command("demo", small=True, verbosity=0)
