"""The volunteers and newcomers of one organisation: who they are, what they offer, need and showed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.config.demo import names
from backend.config.demo.papers import Papers
from backend.config.demo.scene import Life, Scene, make_person
from backend.config.demo.world import DAYS, LAST_RUN, World
from backend.core.text import fold, sort_key
from backend.people.models import Person
from backend.profiles.enums import Topic
from backend.profiles.models import Household, Profile, ProfileLanguage, phone_index
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment

EVENINGS = [f"{d}:evening" for d in ("mon", "tue", "wed", "thu", "fri")]
AFTERNOONS = [f"{d}:afternoon" for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]
MORNINGS = [f"{d}:morning" for d in ("mon", "tue", "wed", "thu", "sat")]
OFFERED: dict[Topic, float] = {
    Topic.PAPERWORK: 6, Topic.CONVERSATION: 8, Topic.LEISURE: 6, Topic.SCHOOL: 4, Topic.HEALTH: 3,
    Topic.WORK: 4, Topic.COMPUTERS: 3, Topic.CHILDCARE: 2, Topic.HOUSING: 1.2, Topic.DRIVING: 0.8,
}  # fmt: skip
WANTED: dict[Topic, float] = {
    Topic.PAPERWORK: 9, Topic.CONVERSATION: 8, Topic.WORK: 6, Topic.HOUSING: 4, Topic.SCHOOL: 4,
    Topic.HEALTH: 4, Topic.DRIVING: 3, Topic.CHILDCARE: 2, Topic.LEISURE: 2, Topic.COMPUTERS: 2,
}  # fmt: skip
LATELY = 6
# Languages the pages come in, or will.
WRITTEN = ("ar", "de", "en", "es", "fa-AF", "fr", "so", "ti", "tr", "uk")
NOTES_OF_NEWCOMERS = (
    "Has a baby of eight months. Afternoons are best.",
    "Was a nurse at home and would like to work in a hospital again.",
    "Starts an integration course in January, in the mornings.",
    "Prefers to meet outside the shared flat, at the library for instance.",
    "Two children at the primary school.",
    "Drove a lorry for eleven years. Asks about the licence at every meeting.",
    "Reads slowly, speaks well. Voice messages are easier than letters.",
    "Plays the oud and asks whether there is a choir or a band in town.",
)
NOTES_OF_VOLUNTEERS = (
    "Retired teacher. Knows everybody at the school office.",
    "Works shifts, so the week is planned on Sundays.",
    "Has a car and likes to use it for outings.",
    "Was in a mentoring before and would like a family this time.",
    "Sings in the church choir and brings people along.",
    "Quiet and patient. Good with forms.",
)


@dataclass
class Register:
    """Rows of one organisation on their way into the database."""

    world: World
    scene: Scene
    people: list[Person] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    languages: list[ProfileLanguage] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    mentors_called: set[str] = field(default_factory=set)
    phones: int = 0

    def add(
        self, side: Side, *, registered_on: date, languages: Iterable[dict[str, Any]], **answers: Any
    ) -> Enrolment:
        """One person with profile and enrolment, from what they answered."""
        world, scene = self.world, self.scene
        at = world.moment(registered_on, scene.zone)
        capacity = answers.pop("capacity", 1)
        person = make_person(
            world,
            username=answers.pop("username", None),
            zone=scene.zone,
            language=answers.pop("interface", scene.place.language),
            created_at=at,
        )
        phone = self._phone() if answers.pop("has_phone", True) else ""
        profile = Profile(
            public_id=world.uuid(),
            created_at=at,
            organisation=scene.organisation,
            person=person,
            sort_key=sort_key(answers["full_name"])[:255],
            phone=phone,
            phone_index=phone_index(organisation_id=scene.organisation.pk, phone=phone),
            **answers,
        )
        first = EnrolmentState.APPLIED if side == Side.MENTOR else EnrolmentState.REGISTERED
        enrolment = Enrolment(
            public_id=world.uuid(),
            created_at=at,
            profile=profile,
            programme=scene.programme,
            side=side,
            state=first,
            state_at=at,
            capacity=capacity,
            registered_on=registered_on,
        )
        self.people.append(person)
        self.profiles.append(profile)
        self.enrolments.append(enrolment)
        self.languages.extend(ProfileLanguage(profile=profile, **one) for one in languages)
        return enrolment

    def save(self) -> None:
        Person.objects.bulk_create(self.people)
        Household.objects.bulk_create(self.households)
        Profile.objects.bulk_create(self.profiles)
        ProfileLanguage.objects.bulk_create(self.languages)
        Enrolment.objects.bulk_create(self.enrolments)

    def name(self, firsts: str, families: list[str]) -> tuple[str, str]:
        """(called, full name): nobody twice, and rarely called like one of the mentors from elsewhere."""
        for _try in range(20):
            called, family = self.world.pick(names.choices(firsts)), self.world.pick(families)
            full = f"{called} {family}"
            if full not in self.used and called != family and called not in self.mentors_called:
                break
        self.used.add(full)
        return called, full

    def town(self) -> Any:
        """The seat of the organisation most often, its neighbours less."""
        return self.world.weighted(self.scene.towns, [share for _, _, share in self.scene.place.towns])

    def _phone(self) -> str:
        self.phones += 1
        return self.scene.place.phone.format(self.phones)


def volunteers(register: Register, papers: Papers, count: int) -> list[Life]:
    return [_volunteer(register, papers) for _number in range(count)]


def _volunteer(register: Register, papers: Papers) -> Life:
    world, place = register.world, register.scene.place
    ago = world.weighted([world.between(380, DAYS), world.between(25, 380), world.between(2, 24)], [2, 7, 1])
    heritage = world.weighted(
        [None, *(tag for tag, _ in names.HERITAGE)],
        [1 - sum(share for _, share in names.HERITAGE), *(share for _, share in names.HERITAGE)],
    )
    women, men, families = names.LOCAL[place.country]
    if heritage:
        origin = names.ORIGINS[heritage]
        women, men, families = origin.women, origin.men, origin.families
    gender = world.weighted(["f", "m", "x"], [0.62, 0.36, 0.02])
    called, full_name = register.name(men if gender == "m" else women, names.choices(families))
    if heritage:
        register.mentors_called.add(called)
    enrolment = register.add(
        Side.MENTOR,
        registered_on=world.day(ago),
        languages=_languages_of_volunteer(world, place.language, heritage),
        called=called,
        full_name=full_name,
        gender=gender,
        born=_born(world, world.between(22, 74)),
        email=f"{fold(full_name).replace(' ', '.')}@example.org" if world.chance(0.85) else "",
        town=register.town(),
        reach_km=world.pick([5, 10, 15, 15, 20, 20, 30]),
        meets_online=world.chance(0.3),
        **_week(world, {1: EVENINGS, 2: AFTERNOONS, 3: MORNINGS}, 2, 5, vary=0.06),
        topics_offered=_topics(world, OFFERED, 2, 5),
        notes=world.pick(NOTES_OF_VOLUNTEERS) if world.chance(0.3) else "",
        capacity=world.weighted([1, 2, 3], [0.76, 0.2, 0.04]),
    )
    life = Life(enrolment, papers.proofs(enrolment, ago=ago))
    rests_from = world.day(world.between(3, 60))
    if life.since and life.since < rests_from and world.chance(0.07):
        life.until = rests_from
    return life


def newcomers(register: Register, papers: Papers, count: int) -> list[Life]:
    found: list[Life] = []
    while len(found) < count:
        life = _newcomer(register, papers, number=len(found))
        found.append(life)
        one = life.enrolment.profile
        if len(found) < count and names.origin_of(_family(one)) and register.world.chance(0.12):
            found.append(_newcomer(register, papers, number=len(found), kin=one))
    return found


def _newcomer(register: Register, papers: Papers, *, number: int, kin: Profile | None = None) -> Life:
    world, place = register.world, register.scene.place
    origin = names.origin_of(_family(kin)) if kin else None
    origin = (
        origin
        or names.ORIGINS[
            world.weighted(list(names.ORIGINS), [origin.weight for origin in names.ORIGINS.values()])
        ]
    )
    gender = world.weighted(["f", "m", ""], [0.5, 0.47, 0.03])
    called, full_name = _name_of_newcomer(register, origin, gender, kin)
    age = world.weighted([world.between(19, 34), world.between(35, 66), world.between(15, 17)], [60, 37, 2])
    born = "" if world.chance(0.02) else _born(world, age)
    is_new = age < 18 or not born or world.chance(0.04)  # the talk is still to be held, or must wait
    ago, talk_ago = _days_of_newcomer(world, number, is_new=is_new)
    wish = world.weighted(["", "f"], [0.6, 0.4]) if gender == "f" else world.weighted(["", "m"], [0.93, 0.07])
    answers: dict[str, Any] = {
        "called": called,
        "full_name": full_name,
        "gender": gender,
        "born": born,
        "has_phone": world.chance(0.9),
        "town": kin.town if kin else register.town(),
        "reach_km": world.pick([3, 5, 5, 10, 10, 15, 20]),
        "meets_online": world.chance(0.2),
        **_week(world, {1: AFTERNOONS, 2: EVENINGS, 3: MORNINGS}, 2, 6, vary=0.04),
        "topics_wanted": _topics(world, WANTED, 1, 4),
        "wishes_gender": wish,
        "wish_is_required": bool(wish) and world.chance(0.4),
        "interpreter_arranged": world.chance(0.04),
        "avoid": "Does not want to meet people from the former flat share." if world.chance(0.03) else "",
        "notes": world.pick(NOTES_OF_NEWCOMERS) if world.chance(0.3) else "",
        "interface": origin.tag if origin.tag in WRITTEN else place.language,
    }
    languages = _languages_of_newcomer(world, place.language, origin, months=ago // 30)
    _hard_to_place(number, answers, languages, register)
    enrolment = register.add(Side.NEWCOMER, registered_on=world.day(ago), languages=languages, **answers)
    if kin:
        _live_together(register, kin, enrolment.profile)
    if is_new:
        papers.only_registered(enrolment, ago=ago)
        return Life(enrolment, None)
    return Life(enrolment, papers.talk(enrolment, talk_ago=talk_ago))


def _name_of_newcomer(
    register: Register, origin: names.Origin, gender: str, kin: Profile | None
) -> tuple[str, str]:
    written = [name for name in origin.as_written[gender == "m"] if name not in register.used]
    if written and not kin and register.world.chance(0.12):
        full_name = register.world.pick(written)
        register.used.add(full_name)
        return full_name.split()[0], full_name
    families = [_family(kin)] if kin else names.choices(origin.families)
    return register.name(origin.men if gender == "m" else origin.women, families)


def _days_of_newcomer(world: World, number: int, *, is_new: bool) -> tuple[int, int]:
    """How many days ago somebody registered and had the talk. One in six had it only lately."""
    if is_new:
        return world.between(1, 24), 0
    # They wait for the run of today, which shall have enough to propose.
    talk_ago = (
        world.between(1, LAST_RUN - 1) if number % LATELY == 2 else world.between(LAST_RUN + 2, DAYS - 10)
    )
    waited = world.weighted([world.between(2, 21), world.between(22, 150)], [3, 1])
    return min(talk_ago + waited, DAYS), talk_ago


def _family(profile: Profile) -> str:
    return profile.full_name.removeprefix(profile.called).strip()


def _hard_to_place(
    number: int, answers: dict[str, Any], languages: list[dict[str, Any]], register: Register
) -> None:
    """A few of each hundred stay without a mentor, each for another reason that the desk can name."""
    match number % 25:
        case 7:  # one half-day on which hardly anybody has time
            answers.update(slots=["sun:morning"], hours_vary=False)
        case 13:  # lives at the edge and has no car
            answers.update(town=register.scene.towns[-1], reach_km=2, meets_online=False)
        case 19:  # the first language alone
            del languages[1:]
            answers["interpreter_arranged"] = False


def _live_together(register: Register, one: Profile, other: Profile) -> None:
    household = Household(
        public_id=register.world.uuid(),
        created_at=other.created_at,
        organisation=register.scene.organisation,
        name=_family(one),
    )
    one.household = other.household = household
    register.households.append(household)


def _languages_of_volunteer(world: World, local: str, heritage: str | None) -> list[dict[str, Any]]:
    found = [{"tag": local, "level": "C2" if heritage else "native", "reads": True}]
    if heritage:
        found.insert(0, {"tag": heritage, "level": "native", "reads": True})
    if local != "en" and world.chance(0.75):
        found.append({"tag": "en", "level": world.pick(["A2", "B1", "B1", "B2", "C1"]), "reads": True})
    for tag, share in (("fr", 0.16), ("es", 0.1), ("ru", 0.08), ("it", 0.06)):
        if tag not in (local, heritage) and world.chance(share):
            found.append({"tag": tag, "level": world.pick(["A2", "B1", "B2"]), "reads": True})
    return found


def _languages_of_newcomer(
    world: World, local: str, origin: names.Origin, *, months: int
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "tag": origin.tag,
            "level": "native",
            "reads": not world.chance(0.08),
            "variety": world.pick(origin.varieties) if origin.varieties else "",
        }
    ]
    level = world.weighted(["", "A1", "A2", "B1", "B2"], [1.6, 5, 3 + months / 4, months / 4, months / 12])
    if level and local != origin.tag:
        found.append({"tag": local, "level": level, "reads": world.pick([True, True, None, False])})
    for tag, best, share in origin.also:
        if tag not in (local, origin.tag) and world.chance(share):
            shy = tag == "ru" and world.chance(0.35)
            found.append({"tag": tag, "level": best, "reads": True, "not_with_mentor": shy})
    return found


def _week(world: World, parts: dict[int, list[str]], least: int, most: int, *, vary: float) -> dict[str, Any]:
    """The half-days somebody has time, or none where that changes weekly."""
    hours_vary = world.chance(vary)
    return {"hours_vary": hours_vary, "slots": [] if hours_vary else _hours(world, parts, least, most)}


def _hours(world: World, parts: dict[int, list[str]], least: int, most: int) -> list[str]:
    """Half-days, mostly of two parts of the day, in the order of the week."""
    first, second = (world.weighted(list(parts.values()), [4, 3, 1.5]) for _ in range(2))
    return sorted(set(world.some(sorted({*first, *second}), least, most)), key=_of_the_week)


def _of_the_week(slot: str) -> tuple[int, int]:
    day, part = slot.split(":")
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return days.index(day), ("morning", "afternoon", "evening").index(part)


def _topics(world: World, weights: dict[Topic, float], least: int, most: int) -> list[str]:
    chosen: set[str] = set()
    wanted = world.between(least, most)
    while len(chosen) < wanted:
        chosen.add(world.weighted(list(weights), list(weights.values())).value)
    return [topic for topic in Topic.values if topic in chosen]


def _born(world: World, age: int) -> str:
    """Mostly the year alone, as such lists have it. Ages are reached on `as_of` whatever the day."""
    year = world.as_of.year - age - 1
    if age > 17 and world.chance(0.6):
        return str(year)
    return f"{year if age > 17 else year + 1}-{world.between(1, 9):02d}-{world.between(1, 28):02d}"
