from dataclasses import dataclass

from backend.people.enums import Channel


@dataclass(frozen=True)
class Told:
    """How somebody told staff what they now record: the way, the language spoken and who interpreted."""

    channel: Channel
    language: str = ""
    interpreter: str = ""
