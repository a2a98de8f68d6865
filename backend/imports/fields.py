"""What a column can hold, and which side a sheet is about."""

from enum import StrEnum


class Field(StrEnum):
    """One thing a sheet says about a person. A mapping is data: column index -> field."""

    EXTERNAL_ID = "external_id"
    FULL_NAME = "full_name"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    PHONE = "phone"
    EMAIL = "email"
    GENDER = "gender"
    BIRTH_YEAR = "birth_year"
    TOWN = "town"
    LANGUAGES = "languages"
    SLOTS = "slots"
    TOPICS = "topics"
    CAPACITY = "capacity"
    REACH = "reach"
    CERTIFICATE_EXPIRES_ON = "certificate_expires_on"
    REGISTERED_ON = "registered_on"
    WISHES_GENDER = "wishes_gender"
    NOTES = "notes"


# Two columns of these say one thing together ("2nd language"); of the others one column counts.
LISTS = frozenset({Field.LANGUAGES, Field.SLOTS, Field.TOPICS, Field.NOTES})


class Side(StrEnum):
    MENTORS = "mentors"
    NEWCOMERS = "newcomers"
