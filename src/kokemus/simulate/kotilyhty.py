"""Who and what Kotilyhty Oy is: units, journeys, surveys, causes. All invented."""

from collections.abc import Iterator

from kokemus.simulate.organisation import (
    Cause,
    Journey,
    Mode,
    Names,
    ScaleKind,
    Stage,
    Survey,
    Touchpoint,
    Unit,
)

NAME = "Kotilyhty Oy"
DOMAIN = "kotilyhty.example"
ROOT = "kotilyhty"
ELECTRICIAN = "sahko-sarastus"
PLUMBER = "putkityo-purola"
CARRIER = "kuljetus-kaarnatie"


def name_in(fi: str, sv: str, en: str) -> Names:
    return {"fi": fi, "sv": sv, "en": en}


REGIONS = {
    "uusimaa": name_in("Uusimaa", "Nyland", "Uusimaa"),
    "pirkanmaa": name_in("Pirkanmaa", "Birkaland", "Pirkanmaa"),
    "varsinais-suomi": name_in("Varsinais-Suomi", "Egentliga Finland", "Southwest Finland"),
    "oulu": name_in("Oulu", "Uleåborg", "Oulu"),
}
_FIELD_DEPARTMENTS = {
    "installation": name_in("Asennus", "Installation", "Installation"),
    "cleaning": name_in("Siivous", "Städning", "Cleaning"),
    "home-care": name_in("Kotihoiva", "Hemomsorg", "Home care"),
}
_OTHER_DEPARTMENTS = {
    "sales": name_in("Myynti", "Försäljning", "Sales"),
    "customer-service": name_in("Asiakaspalvelu", "Kundtjänst", "Customer service"),
    "billing": name_in("Laskutus", "Fakturering", "Billing"),
    "digital": name_in("Digipalvelut", "Digitala tjänster", "Digital services"),
}
_SERVICE_TEAMS = {
    "phone": name_in("Puhelinpalvelu", "Telefontjänst", "Phone team"),
    "chat": name_in("Chat-palvelu", "Chattjänst", "Chat team"),
    "complaints": name_in("Reklamaatiot", "Reklamationer", "Complaints"),
}
_PARTNERS = {
    ELECTRICIAN: ("Sähkö-Sarastus Oy", "installation"),
    PLUMBER: ("Putkityö Purola Oy", "installation"),
    CARRIER: ("Kuljetus Kaarnatie Oy", ROOT),
}


def _make_units() -> Iterator[Unit]:
    yield Unit(code=ROOT, names=name_in(NAME, NAME, NAME), parent=None, kind="internal")
    for code, names in (_FIELD_DEPARTMENTS | _OTHER_DEPARTMENTS).items():
        yield Unit(code=code, names=names, parent=ROOT, kind="internal")
    for code, names in _SERVICE_TEAMS.items():
        yield Unit(code=code, names=names, parent="customer-service", kind="internal")
    for department, names in _FIELD_DEPARTMENTS.items():
        for region, region_names in REGIONS.items():
            both = {language: f"{names[language]}, {region_names[language]}" for language in names}
            yield Unit(
                code=f"{department}-{region}", names=both, parent=department, kind="internal"
            )
    for code, (name, parent) in _PARTNERS.items():
        yield Unit(code=code, names=name_in(name, name, name), parent=parent, kind="partner")


UNITS = tuple(_make_units())
FIELD_DEPARTMENTS = tuple(_FIELD_DEPARTMENTS)


def _touchpoint(code: str, mode: Mode, unit: str, *names: str) -> Touchpoint:
    return Touchpoint(code=code, mode=mode, unit=unit, names=name_in(*names))


def _stage(code: str, names: Names, *touchpoints: Touchpoint) -> Stage:
    return Stage(code=code, names=names, touchpoints=touchpoints)


JOURNEYS = (
    Journey(
        code="home-installation",
        names=name_in("Laite kotiin asennettuna", "Apparat med installation", "Installed at home"),
        stages=(
            _stage(
                "considering",
                name_in("Harkinta", "Övervägande", "Considering"),
                _touchpoint("website", "digital", "digital", "Verkkosivut", "Webbplats", "Website"),
                _touchpoint(
                    "sales-advice",
                    "human",
                    "sales",
                    "Myyntineuvonta",
                    "Säljrådgivning",
                    "Sales advice",
                ),
            ),
            _stage(
                "ordering",
                name_in("Tilaus", "Beställning", "Ordering"),
                _touchpoint(
                    "online-order",
                    "digital",
                    "digital",
                    "Verkkotilaus",
                    "Webbeställning",
                    "Online order",
                ),
            ),
            _stage(
                "scheduling",
                name_in("Ajan sopiminen", "Tidsbokning", "Scheduling"),
                _touchpoint(
                    "booking", "digital", "digital", "Ajanvaraus", "Tidsbokning", "Booking a time"
                ),
            ),
            _stage(
                "delivering",
                name_in("Toimitus", "Leverans", "Delivery"),
                _touchpoint(
                    "delivery",
                    "physical",
                    "installation",
                    "Laitteen toimitus",
                    "Leverans av apparaten",
                    "Delivery of the device",
                ),
            ),
            _stage(
                "installing",
                name_in("Asennus", "Installation", "Installation"),
                _touchpoint(
                    "installation-visit",
                    "human",
                    "installation",
                    "Asennuskäynti",
                    "Installationsbesök",
                    "Installation visit",
                ),
            ),
            _stage(
                "paying",
                name_in("Maksaminen", "Betalning", "Paying"),
                _touchpoint("invoice", "digital", "billing", "Lasku", "Faktura", "Invoice"),
            ),
        ),
    ),
    Journey(
        code="everyday-services",
        names=name_in("Arjen palvelut", "Vardagstjänster", "Everyday services"),
        stages=(
            _stage(
                "starting",
                name_in("Aloitus", "Start", "Starting"),
                _touchpoint(
                    "first-visit",
                    "human",
                    "customer-service",
                    "Aloituskäynti",
                    "Startbesök",
                    "First visit",
                ),
            ),
            _stage(
                "planning",
                name_in("Suunnittelu", "Planering", "Planning"),
                _touchpoint(
                    "service-plan",
                    "physical",
                    "customer-service",
                    "Palvelusuunnitelma",
                    "Serviceplan",
                    "Service plan",
                ),
            ),
            _stage(
                "visiting",
                name_in("Käynnit", "Besök", "Visits"),
                _touchpoint(
                    "cleaning-visit",
                    "physical",
                    "cleaning",
                    "Siivouskäynti",
                    "Städbesök",
                    "Cleaning visit",
                ),
                _touchpoint(
                    "care-visit",
                    "human",
                    "home-care",
                    "Kotihoivakäynti",
                    "Hemomsorgsbesök",
                    "Home care visit",
                ),
            ),
            _stage(
                "keeping-in-touch",
                name_in("Yhteydenpito", "Kontakt", "Keeping in touch"),
                _touchpoint(
                    "phone-service",
                    "human",
                    "phone",
                    "Puhelinpalvelu",
                    "Telefontjänst",
                    "Phone service",
                ),
                _touchpoint("chat", "human", "chat", "Chat", "Chatt", "Chat"),
                _touchpoint("app", "digital", "digital", "Mobiilisovellus", "Mobilapp", "App"),
            ),
            _stage(
                "putting-right",
                name_in("Asioiden korjaaminen", "Rättelse", "Putting things right"),
                _touchpoint(
                    "complaint",
                    "human",
                    "complaints",
                    "Reklamaation käsittely",
                    "Behandling av reklamation",
                    "Complaint handling",
                ),
            ),
            _stage(
                "staying",
                name_in("Jatko", "Fortsättning", "Staying"),
                _touchpoint(
                    "relationship",
                    "human",
                    "customer-service",
                    "Asiakkuus kokonaisuutena",
                    "Kundrelationen som helhet",
                    "The relationship as a whole",
                ),
            ),
        ),
    ),
)
TOUCHPOINTS = tuple(
    touchpoint
    for journey in JOURNEYS
    for stage in journey.stages
    for touchpoint in stage.touchpoints
)
_KINDS: dict[str, ScaleKind] = {
    "website": "thumbs",
    "sales-advice": "csat",
    "online-order": "ces",
    "booking": "ces",
    "delivery": "stars",
    "installation-visit": "nps",
    "invoice": "csat",
    "first-visit": "csat",
    "service-plan": "ces",
    "cleaning-visit": "stars",
    "care-visit": "nps",
    "phone-service": "nps",
    "chat": "thumbs",
    "app": "stars",
    "complaint": "ces",
    "relationship": "nps",
}
SURVEYS = tuple(
    Survey(
        code=touchpoint.code,
        names=touchpoint.names,
        touchpoint=touchpoint.code,
        kind=_KINDS[touchpoint.code],
    )
    for touchpoint in TOUCHPOINTS
)
CAUSES = tuple(
    Cause(code=code, names=name_in(*names))
    for code, *names in (
        ("waiting", "Odotus", "Väntan", "Waiting"),
        ("staff", "Kohtelu", "Bemötande", "How people were treated"),
        ("competence", "Työn laatu", "Kvaliteten på arbetet", "Quality of the work"),
        ("price", "Hinta tai lasku", "Pris eller faktura", "Price or invoice"),
        ("delivery", "Toimitus", "Leverans", "Delivery"),
        ("product", "Viallinen laite", "Fel på apparaten", "Faulty device"),
        ("digital", "Häiriö verkossa", "Störning på nätet", "Fault online"),
        ("information", "Puutteellinen tieto", "Bristfällig information", "Missing information"),
        ("promises", "Lupaus pettänyt", "Brutet löfte", "Broken promise"),
        ("handoffs", "Tieto ei kulkenut", "Informationsbrott", "Lost between people"),
        ("recovery", "Korjaus viipyi", "Rättelsen dröjde", "Slow to put right"),
    )
)
