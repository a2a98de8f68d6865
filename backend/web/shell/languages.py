"""Languages by their own name, in their own script, as people look for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

# Django has no Tigrinya, Somali or Dari, so the names stand here.
OWN_NAMES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "uk": "Українська",
    "tr": "Türkçe",
    "ar": "العربية",
    "fa": "فارسی",
    "fa-af": "دری",
    "es": "Español",
    "ti": "ትግርኛ",
    "so": "Soomaali",
}


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    own_name: str
    direction: str


def language(code: str) -> Language:
    """Describe a language of the screen. `code` is a tag such as "de" or "fa-af"."""
    base = code.split("-")[0]
    name = OWN_NAMES.get(code.lower()) or OWN_NAMES.get(base, code)
    return Language(code, name, "rtl" if base in settings.LANGUAGES_BIDI else "ltr")


def current_language() -> Language:
    return language(translation.get_language() or settings.LANGUAGE_CODE)


def screen_languages() -> list[Language]:
    return [language(code) for code, _name in settings.LANGUAGES]
