"""Who of a sheet is already known to the organisation, and never to any other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from backend.core.crypto import blind_index
from backend.core.text import fold
from backend.imports.duplicates import SAME_NAME_WITH_CONTACT
from backend.imports.enums import SheetKind
from backend.imports.fields import Field
from backend.imports.models import ImportedRow
from backend.imports.readrow import ReadRow
from backend.profiles.models import Profile, phone_index


@dataclass(frozen=True)
class Match:
    """Somebody who is here. `is_sure`: an equal row came in before, or name and contact agree."""

    profile: Profile
    is_sure: bool


@dataclass
class PeopleHere:
    """All profiles of one organisation, by what a row may share with them. Three queries for any sheet."""

    organisation_id: int
    _by_row: dict[str, Profile] = field(default_factory=dict)
    _by_contact: dict[str, list[Profile]] = field(default_factory=lambda: defaultdict(list))
    _by_name: dict[str, list[Profile]] = field(default_factory=lambda: defaultdict(list))
    _born: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, organisation_id: int, *, names: Iterable[str], fingerprints: Iterable[str]) -> "PeopleHere":
        here = cls(organisation_id)
        seen = ImportedRow.objects.filter(organisation=organisation_id, fingerprint__in=list(fingerprints))
        for row in seen.filter(profile__isnull=False).select_related("profile").order_by("-id"):
            here._by_row[row.fingerprint] = row.profile  # type: ignore[assignment]  # filtered above
        slim = Profile.objects.filter(organisation=organisation_id).order_by("id")
        for one in slim.only(
            "organisation_id", "person_id", "public_id", "full_name", "email", "phone_index"
        ):
            for contact in filter(None, (one.phone_index, one.email.lower())):
                here._by_contact[contact].append(one)
            here._by_name[_in_any_order(one.full_name)].append(one)
        alike = [one.pk for name in set(names) for one in here._by_name.get(_in_any_order(name), ())]
        here._born = {p.pk: p.born for p in Profile.objects.filter(pk__in=alike).only("born").order_by("id")}
        return here

    def match(self, row: ReadRow, *, fingerprint: str) -> Match | None:
        """The likeliest, or None. A shared telephone with another name is a household, not one person."""
        if before := self._by_row.get(fingerprint):
            return Match(before, is_sure=True)
        name = fold(str(row.normalised(Field.FULL_NAME) or ""))
        for contact in self._contacts(row):
            for one in self._by_contact.get(contact, ()):
                if fuzz.token_sort_ratio(fold(one.full_name), name) >= SAME_NAME_WITH_CONTACT:
                    return Match(one, is_sure=True)
        born = str(row.normalised(Field.BIRTH_YEAR) or "")
        for one in self._by_name.get(_in_any_order(name), ()):
            known = self._born.get(one.pk, "")[:4]
            if not born or not known or born == known:
                return Match(one, is_sure=False)
        return None

    def _contacts(self, row: ReadRow) -> tuple[str, ...]:
        phone, email = row.normalised(Field.PHONE), row.normalised(Field.EMAIL)
        index = phone_index(organisation_id=self.organisation_id, phone=str(phone or ""))
        return tuple(filter(None, (index, str(email or "").lower())))


def fingerprint_of(row: ReadRow, *, kind: SheetKind, organisation_id: int) -> str:
    """A keyed hash of what the row says, by which the same row is known again in this organisation."""
    said = [f"{name}={_said(value.normalised, value.raw)}" for name, value in sorted(row.values.items())]
    said += [f"{fold(kept.heading)}={fold(kept.text)}" for kept in row.kept_text]
    return blind_index("\x1f".join((kind.value, *said)), scope=f"import-row:{organisation_id}")


def _said(normalised: object, raw: str) -> str:
    """Contact and name as read, so that another spelling is the same; the rest as written."""
    return normalised if isinstance(normalised, str) else fold(raw)


def _in_any_order(name: str) -> str:
    return " ".join(sorted(fold(name).split()))
