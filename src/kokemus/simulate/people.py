"""Invented people: contacts, members, pseudonymous staff. Nobody can be reached by them.

Every address ends in .example. Every telephone number, in comments too, is one that the Swedish
Post and Telecom Authority (PTS) keeps out of use for books and films; it is never given to
anybody, and is always written with +46, so that it is no number of another country. Finland has
no such numbers. There are 495 of them, so that contacts of a large company share them.
"""

from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from kokemus.simulate.kotilyhty import CARRIER, DOMAIN, ELECTRICIAN, PLUMBER, REGIONS, ROOT
from kokemus.simulate.organisation import Contacts, Member, Role, Whole

LANGUAGE_SHARES = {"fi": 0.86, "sv": 0.08, "en": 0.06}
SEGMENT_SHARES = {"household": 0.72, "senior": 0.25, "company": 0.03}


def _words(text: str) -> list[str]:
    return text.split()


_REGION_SHARES = (0.42, 0.22, 0.18, 0.18)

_FIRST = {
    "fi": _words(
        """
        Aino Aleksi Anne Anneli Antti Eero Eeva Elina Eila Emilia Hanna Hannu Heidi Heikki Helena
        Ilkka Irma Jaana Jari Joonas Jouni Juha Jukka Kaarina Kaisa Kari Katja Kirsi Laura Lauri
        Leena Liisa Maarit Mari Markku Marjatta Matti Merja Mika Mikko Minna Niina Noora Olli Outi
        Paavo Pasi Pauli Pekka Petri Päivi Raija Raimo Riikka Risto Ritva Saana Sami Sanna Sari
        Satu Seppo Sirpa Sofia Susanna Tapio Tarja Teemu Terhi Tiina Timo Tommi Tuija Tuomas Tuula
        Ulla Veera Veikko Ville Virpi
        """
    ),
    "sv": _words(
        """
        Anders Annika Barbro Bo Camilla Carita Christian Ebba Elin Erik Eva Fredrik Gun Gunilla
        Gustav Göran Hanna Henrik Ingrid Johan Johanna Karin Kerstin Kristian Lars Linda Linnéa
        Magnus Malin Margareta Maria Mats Mikael Mona Niklas Oskar Pia Robert Sofie Stefan Susanne
        Ulf Viveka Åsa
        """
    ),
    "en": _words(
        """
        Adaeze Alejandro Amina Andrei Anna Arjun Carlos Chen Claire Daniel Elena Emma Farid Fatima
        Grace Hiroshi Ivan James Julia Karim Kwame Lucia Maria Michael Nadia Nguyen Oksana Olga
        Omar Priya Rahul Samuel Sarah Sofia Tariq Thomas Viktor Wei Yusuf Zahra
        """
    ),
}
_LAST = {
    "fi": _words(
        """
        Aalto Ahonen Anttila Eskola Haapala Hakala Halonen Harju Heikkinen Heinonen Hiltunen
        Hirvonen Huttunen Hyvönen Hämäläinen Jokela Jokinen Järvinen Kallio Karjalainen Kauppinen
        Kettunen Kinnunen Kivelä Koivisto Korhonen Koskela Koskinen Kuusisto Laaksonen Laine
        Laitinen Lahti Lampinen Lehtinen Lehtonen Leinonen Leppänen Lindroos Manninen Mattila
        Miettinen Mustonen Mäkelä Mäkinen Niemelä Nieminen Nurmi Oksanen Ojala Partanen Peltola
        Pesonen Pitkänen Pulkkinen Rantanen Rautio Ruotsalainen Räsänen Saarinen Salmela Salminen
        Salo Savolainen Sorsa Suominen Tanskanen Tikkanen Toivonen Tolonen Tuominen Turunen
        Uusitalo Vainio Vanhala Virtanen Vuorela Väisänen Ylitalo
        """
    ),
    "sv": _words(
        """
        Ahlskog Back Backman Björklund Blomqvist Dahl Ekholm Enlund Fagerholm Forsman Granholm
        Gustafsson Holm Häggblom Isaksson Johansson Karlsson Lillkvist Lindholm Lindqvist
        Lundström Mattsson Nordlund Nyberg Nygård Nyman Sandström Sjöberg Snellman Sundqvist
        Söderholm Wikström Åberg Österholm
        """
    ),
    "en": _words(
        """
        Abdi Adeyemi Ahmed Ali Bianchi Brown Chowdhury Dubois Fernandez Garcia Hassan Hughes
        Ivanova Jansen Kim Kovalenko Kumar Li Martin Mensah Morales Müller Nowak Okafor Patel
        Petrov Rossi Sharma Silva Singh Smith Tanaka Taylor Tran Walker Weber Wilson Yilmaz Zhang
        """
    ),
}
_STREETS = _words(
    """
        Kuusi Mänty Koivu Pihlaja Kielo Vuokko Saaristo Satama Mylly Niitty
        """
)
_HOMES = _words(
    """
        lehto niitty kallio ranta rinne mäki harju notko lampi puisto
        """
)
_PHONES = (
    *(f"+46 70 174 06 {i:02}" for i in range(5, 100)),
    *(f"+46 31 390 06 {i:02}" for i in range(100)),
    *(f"+46 40 628 04 {i:02}" for i in range(100)),
    *(f"+46 8 465 004 {i:02}" for i in range(100)),
    *(f"+46 980 319 2{i:02}" for i in range(100)),
)
_PLAIN = str.maketrans("åäöéüÅÄÖ", "aaoeuAAO")


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """The contacts, and what the simulation must know of them beside the columns."""

    contacts: Contacts
    history: NDArray[np.float64]
    """What a contact brings along, in standard deviations of experience."""
    region: Whole
    activity: NDArray[np.float64]
    """How often a contact meets the company, relative to the others."""
    is_senior: NDArray[np.bool_]


def draw_crowd(generator: np.random.Generator, *, number: int, history_share: float) -> Crowd:
    """Draw contacts, ordered by region."""
    region = np.sort(generator.choice(len(REGIONS), size=number, p=_REGION_SHARES))
    language = _draw_words(generator, LANGUAGE_SHARES, number)
    segment = _draw_words(generator, SEGMENT_SHARES, number)
    names = _draw_names(generator, language)
    codes = list(REGIONS)
    has_email = generator.random(number) < 0.92
    has_phone = (generator.random(number) < 0.75) | ~has_email
    contacts = Contacts(
        reference=[f"K{100_000 + i}" for i in range(number)],
        name=names,
        email=[_email(name, i) if has_email[i] else "" for i, name in enumerate(names)],
        phone=[_PHONES[i % len(_PHONES)] if has_phone[i] else "" for i in range(number)],
        language=language,
        region=[codes[i] for i in region.tolist()],
        segment=segment,
        account=_draw_accounts(generator, segment),
    )
    return Crowd(
        contacts=contacts,
        history=generator.normal(0.0, history_share**0.5, number),
        region=region,
        activity=generator.gamma(1.2, 1.0, number) + 0.05,
        is_senior=np.array([word == "senior" for word in segment]),
    )


def _draw_words(generator: np.random.Generator, shares: dict[str, float], number: int) -> list[str]:
    words = list(shares)
    return [words[i] for i in generator.choice(len(words), number, p=list(shares.values()))]


def _draw_names(generator: np.random.Generator, languages: list[str]) -> list[str]:
    first, last = generator.random((2, len(languages))).tolist()
    names = []
    for i, language in enumerate(languages):
        given, family = _FIRST[language], _LAST[language]
        names.append(f"{given[int(first[i] * len(given))]} {family[int(last[i] * len(family))]}")
    return names


def _email(name: str, number: int) -> str:
    return f"{name.translate(_PLAIN).lower().replace(' ', '.')}.{number}@posti.example"


def _draw_accounts(generator: np.random.Generator, segments: list[str]) -> list[str]:
    street, home = generator.integers(0, len(_STREETS), (2, len(segments))).tolist()
    return [
        f"Asunto Oy {_STREETS[street[i]]}{_HOMES[home[i]]}" if segment == "company" else ""
        for i, segment in enumerate(segments)
    ]


def draw_staff_codes(random: Random, *, number: int) -> tuple[str, ...]:
    """Draw distinct pseudonyms; nothing leads from one to a person."""
    return tuple(f"T-{code:04X}" for code in random.sample(range(0x1000, 0x10000), number))


def _member(name: str, language: str, *roles: tuple[str, Role]) -> Member:
    email = f"{name.translate(_PLAIN).lower().replace(' ', '.')}@{DOMAIN}"
    return Member(name=name, email=email, language=language, roles=roles)


MEMBERS = (
    _member("Katri Vuorela", "fi", (ROOT, "admin")),
    _member("Henrik Nygård", "sv", (ROOT, "lead")),
    _member("Tuulia Aaltola", "fi", (ROOT, "viewer")),
    _member("Sanna Peltomaa", "fi", ("customer-service", "lead")),
    _member("Jonne Ylitalo", "fi", ("phone", "agent"), ("chat", "agent")),
    _member("Malin Sandström", "sv", ("phone", "agent")),
    _member("Priya Sharma", "en", ("chat", "agent")),
    _member("Oskari Leino", "fi", ("complaints", "agent"), ("customer-service", "agent")),
    _member("Ritva Kaski", "fi", ("complaints", "lead")),
    _member("Mikko Rautavaara", "fi", ("installation", "lead")),
    _member("Jere Halla", "fi", ("installation-uusimaa", "agent")),
    _member("Toni Vihavainen", "fi", ("installation-pirkanmaa", "agent")),
    _member("Kristian Lillkvist", "sv", ("installation-varsinais-suomi", "agent")),
    _member("Anssi Koskikallio", "fi", ("installation-oulu", "agent")),
    _member("Marjo Hietala", "fi", ("cleaning", "lead")),
    _member("Elena Petrova", "fi", ("cleaning-uusimaa", "agent")),
    _member("Kirsi Lahtela", "fi", ("cleaning-pirkanmaa", "agent")),
    _member("Piia Salomaa", "fi", ("cleaning-varsinais-suomi", "agent")),
    _member("Noora Kiviniitty", "fi", ("cleaning-oulu", "agent")),
    _member("Leena Harjula", "fi", ("home-care", "lead")),
    _member("Fatima Hassan", "fi", ("home-care-uusimaa", "agent")),
    _member("Outi Mäkiaho", "fi", ("home-care-pirkanmaa", "agent")),
    _member("Gunilla Ekholm", "sv", ("home-care-varsinais-suomi", "agent")),
    _member("Heli Nevanperä", "fi", ("home-care-oulu", "agent")),
    _member("Arto Salmenkivi", "fi", ("billing", "lead")),
    _member("Hanna Riihelä", "fi", ("billing", "agent")),
    _member("Ville Tuomikoski", "fi", ("digital", "lead")),
    _member("Daniel Okafor", "en", ("digital", "agent")),
    _member("Susanna Kytölä", "fi", ("sales", "lead")),
    _member("Pasi Sarastus", "fi", (ELECTRICIAN, "agent")),
    _member("Jarmo Purola", "fi", (PLUMBER, "agent")),
    _member("Tiia Kaarnatie", "fi", (CARRIER, "agent")),
)
