"""Where the example's people come from: their languages and the names one meets in such lists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """`weight`: how often among newcomers. `also`: further languages as (tag, level, share of people).

    `as_written`: whole names in their own script, as some write themselves down; women first, then men.
    """

    tag: str
    weight: int
    women: str
    men: str
    families: str
    varieties: tuple[str, ...] = ()
    also: tuple[tuple[str, str, float], ...] = ()
    as_written: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


ORIGINS: dict[str, Origin] = {
    "uk": Origin(
        "uk",
        22,
        "Olena Oksana Iryna Nataliia Svitlana Tetiana Halyna Yuliia Kateryna Larysa Daryna",
        "Dmytro Oleksandr Andrii Serhii Mykola Taras Bohdan Vasyl Yurii",
        "Kovalenko Shevchuk Bondar Melnyk Tkachenko Lysenko Kravets Rudenko Marchenko Savchuk Polishchuk",
        also=(("ru", "C1", 0.55), ("en", "B1", 0.3), ("pl", "A2", 0.15)),
        as_written=(("Людмила Бойко", "Надія Савченко", "Віра Мороз"), ("Олег Гончар", "Ігор Козак")),
    ),
    "ar": Origin(
        "ar",
        22,
        "Rima Nour Layla Hanan Samira Dalal Rania Maha Yasmin Salma Hiba Faten",
        "Khaled Omar Yousef Tarek Bilal Samir Nabil Mustafa Ziad Hani Anas",
        "Al-Masri Haddad Khoury Al-Ahmad Saleh Darwish Hamdan Qasim Nassar Al-Hassan Barakat Issa",
        varieties=("Levantine", "Iraqi", "Sudanese", "Levantine", "Moroccan"),
        also=(("en", "A2", 0.35), ("ckb", "B1", 0.08)),
        as_written=(("مريم الخطيب", "سعاد درويش", "هدى حمدان"), ("فادي منصور", "رامي الشامي")),
    ),
    "fa-AF": Origin(
        "fa-AF",
        13,
        "Zahra Fatima Marzia Shukria Parwana Nargis Laila Hosna",
        "Farid Ahmad Jawid Mirwais Hamid Najib Reza Sohrab",
        "Ahmadi Rahimi Hosseini Nazari Karimi Sultani Amiri Yousufi",
        varieties=("Hazaragi", "Kabuli", ""),
        also=(("ps", "B1", 0.35), ("en", "A2", 0.3)),
    ),
    "tr": Origin(
        "tr",
        9,
        "Elif Zeynep Ayşe Gülsüm Sevgi Derya Esra",
        "Emre Murat Hasan Kemal Yusuf Serkan",
        "Demir Yılmaz Kaya Şahin Aydın Öztürk Çelik",
        also=(("ku", "C1", 0.35), ("en", "B1", 0.25)),
    ),
    "ti": Origin(
        "ti",
        9,
        "Selam Feven Rahwa Bisrat Luwam Helen",
        "Yonas Filmon Tesfay Robel Samuel Merhawi",
        "Haile Gebre Tekle Tesfamariam Berhane Kidane Weldu",
        also=(("am", "B1", 0.4), ("en", "A2", 0.3), ("ar", "A2", 0.2)),
    ),
    "so": Origin(
        "so",
        7,
        "Hodan Ayaan Ifrah Sahra Nimco Fartun",
        "Abdi Liban Mahad Yasin Guled Mohamed",
        "Abdi Warsame Hassan Farah Jama Nur Aden",
        varieties=("Northern", "Benadiri", ""),
        also=(("en", "A2", 0.4), ("ar", "A2", 0.25)),
    ),
    "ps": Origin(
        "ps",
        5,
        "Spozhmai Palwasha Zarghuna Gulalai",
        "Gul Asadullah Zmarai Wali",
        "Stanikzai Wardak Momand Zadran Safi",
        also=(("fa-AF", "B2", 0.5), ("ur", "A2", 0.2)),
    ),
    "es": Origin(
        "es",
        5,
        "Yuliana Marisol Daniela Carmen",
        "Andrés Wilmer Carlos Julián",
        "Rojas Mendoza Quintero Paredes Vargas",
        also=(("en", "A2", 0.4),),
    ),
    "ln": Origin(
        "ln",
        3,
        "Merveille Grâce Naomie",
        "Exaucé Christian Dieumerci",
        "Mbuyi Ilunga Kabongo Mputu",
        also=(("fr", "B2", 0.8), ("sw", "B1", 0.3)),
    ),
    "ka": Origin(
        "ka",
        2,
        "Nino Tamar Ketevan",
        "Giorgi Levan Zurab",
        "Beridze Kapanadze Lomidze",
        also=(("ru", "B2", 0.6),),
    ),
    "ne": Origin("ne", 1, "Sunita Anjali", "Bikash Prakash", "Gurung Tamang", also=(("hi", "B1", 0.5),)),
    "om": Origin("om", 2, "Chaltu Bontu", "Gemechu Tolasa", "Bekele Dinka", also=(("am", "B2", 0.7),)),
}

# Women, men and families among those who live there already, by country.
LOCAL: dict[str, tuple[str, str, str]] = {
    "DE": (
        "Ilse Karin Monika Renate Eva Gabi Christine Sabine Anneliese Birgit Petra Lena Hannah Theresa "
        "Marlene Ursula Veronika Johanna Claudia Franziska",
        "Peter Jan Josef Ludwig Markus Stefan Georg Andreas Helmut Florian Xaver Thomas Matthias Wolfgang "
        "Martin Lukas",
        "Brandl Fuchs Peters Lang Huber Bauer Schmid Weber Aschenbrenner Hofmann Zankl Meier Pongratz Vogl "
        "Schreiner Dirnberger Lechner Wagner Roider Hecht",
    ),
    "IE": (
        "Aoife Siobhán Maeve Niamh Orla Deirdre Bríd Ciara Fionnuala Gráinne Sinéad Róisín Anne Una",
        "Conor Declan Eoin Pádraig Brendan Cathal Diarmuid Fergal Liam Seamus Tadhg Donal",
        "Byrne Doyle Nolan Brennan Kavanagh Murphy Dunne Whelan Flood Lawlor Tierney Cullen Moran Farrelly",
    ),
    "FR": (
        "Maëlle Gwenn Nolwenn Soazig Anne-Marie Catherine Hélène Élodie Morgane Brigitte Marie-Jo Sylvie",
        "Yann Erwan Loïc Ronan Alain Gildas Jean-Yves Hervé Tanguy Philippe Mathieu",
        "Le Goff Guégan Le Bihan Kerbrat Morvan Le Roux Tanguy Prigent Cadiou Quéméner Rolland Madec",
    ),
}

# Volunteers who came themselves, long ago: heritage language, share of all volunteers.
HERITAGE = (("tr", 0.06), ("ar", 0.07), ("uk", 0.05), ("fa-AF", 0.03), ("es", 0.03), ("ti", 0.015))


def choices(names: str) -> list[str]:
    """Names as a list; "Le Goff" stays together, since a small "Le" begins a name of two words."""
    words, found = names.split(), []
    while words:
        word = words.pop(0)
        found.append(f"{word} {words.pop(0)}" if word == "Le" else word)
    return found


def origin_of(family: str) -> Origin | None:
    """The origin that has this family name in its list."""
    return next((origin for origin in ORIGINS.values() if family in choices(origin.families)), None)
