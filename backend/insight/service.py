"""The state of the service, for those who run it: counts of class A alone, nobody's name."""

from dataclasses import dataclass
from datetime import datetime

from backend.core.jobs import Beat, Job
from backend.organisations.models import Organisation
from backend.pairings.models import Pairing
from backend.people.models import Person
from backend.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class Service:
    organisations: int
    people: int
    open_programmes: int
    running: int
    jobs_waiting: int
    jobs_failing: int
    last_beat: datetime | None


def service_state() -> Service:
    """Seven queries, each a count."""
    waiting = Job.objects.filter(finished_at=None)
    return Service(
        organisations=Organisation.objects.count(),
        people=Person.objects.count(),
        open_programmes=Programme.objects.open().count(),
        running=Pairing.objects.running().count(),
        jobs_waiting=waiting.count(),
        jobs_failing=waiting.exclude(error="").count(),
        last_beat=Beat.objects.order_by("-at").values_list("at", flat=True).first(),
    )
