"""The three organisations of the example, in towns that exist; the people in them are invented."""

from dataclasses import dataclass

from backend.organisations.enums import OrganisationKind
from backend.programmes.enums import Cadence, ProgrammeKind


@dataclass(frozen=True)
class Place:
    """`towns`: GeoNames id, name and how many of a hundred live there, the first town is the seat.

    `staff`: (name, role, user name or ""). `phone`: a range that the country keeps for stories.
    """

    organisation: str
    kind: OrganisationKind
    country: str
    language: str
    time_zone: str
    programme: str
    programme_kind: ProgrammeKind
    cadence: Cadence
    towns: tuple[tuple[str, str, int], ...]
    staff: tuple[tuple[str, str, str], ...]
    phone: str
    volunteers: int
    newcomers: int


PLACES = (
    Place(
        organisation="Welcome Roding e.V.",
        kind=OrganisationKind.NGO,
        country="DE",
        language="de",
        time_zone="Europe/Berlin",
        programme="Mentoring in Roding",
        programme_kind=ProgrammeKind.MENTORING,
        cadence=Cadence.WEEKLY,
        towns=(
            ("2845924", "Roding", 38),
            ("2940204", "Cham", 22),
            ("2862348", "Nittenau", 9),
            ("2927917", "Falkenstein", 8),
            ("2829569", "Stamsried", 7),
            ("2864468", "Neunburg vorm Wald", 5),
            ("2923529", "Furth im Wald", 5),
            ("2814846", "Waldmünchen", 3),
            ("2806080", "Wörth an der Donau", 3),
        ),
        staff=(
            ("Chloé Winter", "coordinator", "chloe"),
            ("Sofia Reindl", "caseworker", ""),
            ("Katharina Ostermeier", "safeguarding", ""),
            ("Gerhard Pfeffer", "safeguarding", ""),
        ),
        phone="+493023125{:03d}",
        volunteers=90,
        newcomers=120,
    ),
    Place(
        organisation="Naas Together",
        kind=OrganisationKind.CITIZENS,
        country="IE",
        language="en",
        time_zone="Europe/Dublin",
        programme="Neighbours in Kildare",
        programme_kind=ProgrammeKind.FAMILY,
        cadence=Cadence.FORTNIGHTLY,
        towns=(
            ("2962334", "Naas", 45),
            ("2961607", "Sallins", 15),
            ("2962290", "Droichead Nua", 20),
            ("2963444", "Kilcullen", 7),
            ("2965484", "Clane", 7),
            ("2962556", "Monasterevin", 6),
        ),
        staff=(
            ("Dario Conti", "coordinator", "dario"),
            ("Eithne Carroll", "safeguarding", ""),
            ("Rory Keane", "safeguarding", ""),
        ),
        phone="+35320915{:04d}",
        volunteers=48,
        newcomers=64,
    ),
    Place(
        organisation="Bienvenue en Trégor",
        kind=OrganisationKind.NGO,
        country="FR",
        language="fr",
        time_zone="Europe/Paris",
        programme="Tandem Lannion",
        programme_kind=ProgrammeKind.TANDEM,
        cadence=Cadence.WEEKLY,
        towns=(
            ("3007609", "Lannion", 44),
            ("2987863", "Perros-Guirec", 18),
            ("2971929", "Tréguier", 11),
            ("2986761", "Pleumeur-Bodou", 9),
            ("3033884", "Bégard", 7),
            ("2988796", "Paimpol", 6),
            ("3014221", "Guingamp", 5),
        ),
        staff=(
            ("Enora Salaün", "coordinator", ""),
            ("Jeanne Corbel", "safeguarding", ""),
            ("Malo Riou", "safeguarding", ""),
        ),
        phone="+3363998{:04d}",
        volunteers=42,
        newcomers=56,
    ),
)
