"""Amina, Bruno and Selam, whom a visitor of the example meets first; the other two sign-ins are staff."""

from dataclasses import dataclass
from datetime import date, timedelta

from backend.config.demo.history import History, Told
from backend.config.demo.papers import Papers
from backend.config.demo.people import Register
from backend.config.demo.scene import Life
from backend.pairings import engine
from backend.pairings.models import Suggestion
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment

TOGETHER_SINCE = 104  # days
ASKED = 3  # days ago Bruno was asked about Selam


@dataclass(frozen=True)
class Cast:
    amina: Enrolment
    bruno: Enrolment
    selam: Enrolment


def invite(register: Register, papers: Papers) -> Cast:
    """Register the three and write down what the office needs of them."""
    world, towns = register.world, {town.name: town for town in register.scene.towns}
    amina = register.add(
        Side.NEWCOMER,
        registered_on=world.day(171),
        username="amina",
        interface="ar",
        called="Amina",
        full_name="Amina Haddad",
        gender="f",
        born="1991-03-08",
        town=towns["Roding"],
        reach_km=10,
        slots=["tue:morning", "wed:afternoon", "wed:evening", "sat:morning"],
        topics_wanted=["paperwork", "school", "conversation"],
        notes="Two children, eight and eleven. Was a pharmacist in Homs.",
        languages=[
            {"tag": "ar", "level": "native", "reads": True, "variety": "Levantine"},
            {"tag": "de", "level": "A2", "reads": True},
            {"tag": "en", "level": "A2", "reads": True},
        ],
    )
    selam = register.add(
        Side.NEWCOMER,
        registered_on=world.day(148),
        interface="ti",
        called="Selam",
        full_name="Selam Gebre",
        gender="f",
        born="1992",
        town=towns["Roding"],
        reach_km=15,
        slots=["tue:morning", "wed:evening", "thu:afternoon", "sat:morning"],
        topics_wanted=["paperwork", "health", "school", "driving"],
        notes="Two children. Starts an integration course in January.",
        languages=[
            {"tag": "ti", "level": "native", "reads": True},
            {"tag": "de", "level": "A1", "reads": True},
            {"tag": "en", "level": "B1", "reads": True},
        ],
    )
    bruno = register.add(
        Side.MENTOR,
        registered_on=world.day(398),
        username="bruno",
        interface="en",
        called="Bruno",
        full_name="Bruno Mayer",
        gender="m",
        born="1968",
        email="bruno.mayer@example.org",
        town=towns["Falkenstein"],
        reach_km=20,
        slots=["mon:evening", "wed:evening", "thu:evening", "sat:morning"],
        topics_offered=["paperwork", "health", "school", "conversation"],
        notes="Retired from the post office. Brings his own coffee.",
        capacity=2,
        languages=[
            {"tag": "de", "level": "native", "reads": True},
            {"tag": "en", "level": "C1", "reads": True},
        ],
    )
    papers.talk_held(amina, talk_ago=160)
    papers.talk_held(selam, talk_ago=26)
    papers.all_shown(bruno, ago=398)
    return Cast(amina, bruno, selam)


def bring_together(history: History, cast: Cast) -> Told:
    """Amina and Bruno have met since the summer; Bruno has a question about Selam to answer."""
    world = history.world
    for enrolment in (cast.amina, cast.selam):
        history.newcomers[enrolment.pk] = Life(history.known[enrolment.pk], None)
    history.mentors[cast.bruno.pk] = Life(history.known[cast.bruno.pk], None)

    asked_on = world.day(TOGETHER_SINCE + 5)
    first = history.release(_suggest(history, cast.bruno, cast.amina, before=asked_on), asked_on)
    for side, later in ((first.mentor, 2), (first.newcomer, 4)):
        history.accept(first, side, first.released_at + timedelta(days=later))
    history.meet(first, world.day(TOGETHER_SINCE), until=world.as_of + timedelta(days=80))

    open_since = world.day(ASKED)
    history.release(_suggest(history, cast.bruno, cast.selam, before=open_since), open_since)
    return history.pairings[-1]


def _suggest(history: History, mentor: Enrolment, newcomer: Enrolment, *, before: date) -> Suggestion:
    run = [run for run in history.runs if run.asked_at.date() < before][-1]
    proposal = engine.examine(
        history.scene.programme,
        history.mentors[mentor.pk].enrolment,
        history.newcomers[newcomer.pk].enrolment,
        history.everyone(),
        {},
        day=run.asked_at.date(),
    )
    run.matched += 1
    return history.suggest(proposal, run)
