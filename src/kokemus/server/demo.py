"""Loading the invented company, so that a newcomer sees every page alive."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import override

from kokemus.listen.survey_templates import starting_texts
from kokemus.server import demo_rows as rows
from kokemus.server.demo_rows import Frame
from kokemus.simulate.company import Company, simulate_company
from kokemus.store import bulk
from kokemus.store.models import (
    Account,
    Case,
    CaseEvent,
    Contact,
    Encounter,
    EncounterParty,
    Journey,
    Leg,
    Member,
    Organisation,
    Response,
    Role,
    Survey,
    Touchpoint,
    Unit,
)

LANGUAGE = "fi"
REPLY_HOURS = 36


class OrganisationInTheWay(ValueError):
    """The demo is loaded only into a database that has no organisation of its own."""


def load_demo(*, now: dt.datetime, responses: int = 60_000, months: int = 24) -> Organisation:
    """Load the company, whose last answer is from just now; loaded already, it is left as it is.

    Raises
    ------
    OrganisationInTheWay
        If the database has an organisation that is not the demo.
    """
    if (present := Organisation.objects.order_by("is_demo").first()) is not None:
        if not present.is_demo:
            raise OrganisationInTheWay(
                f"The database already has {present.name}. The demo needs a database of its own:"
                " set KOKEMUS_DATA_DIR to an empty folder, or KOKEMUS_DATABASE_URL to an empty"
                " database."
            )
        return present
    company = simulate_company(ends=now, responses=responses, months=months)
    with transaction.atomic(), override(LANGUAGE):
        frame = _set_up(company)
        _write(company, frame)
    return frame.organisation


def _set_up(company: Company) -> Frame:
    organisation = Organisation.objects.found(
        name=company.name, language=LANGUAGE, time_zone="Europe/Helsinki"
    )
    organisation.show_as_demo(reply_hours=REPLY_HOURS)
    units = _plant_units(organisation, company)
    members = _enrol_members(organisation, company, units=units)
    touchpoints = _place_touchpoints(organisation, company, units=units)
    surveys = [
        Survey.objects.draft(
            touchpoints[survey.touchpoint],
            name=survey.names[LANGUAGE],
            scale=survey.kind,
            texts=starting_texts(survey.kind),
        )
        for survey in company.surveys
    ]
    owner = next(iter(members.values()))
    return Frame(
        organisation=organisation,
        units=list(units.values()),
        members=members,
        touchpoints=list(touchpoints.values()),
        surveys=surveys,
        versions=[survey.publish(by=owner, at=company.starts) for survey in surveys],
        reasons=_rule_names(organisation),
    )


def _plant_units(organisation: Organisation, company: Company) -> dict[str, Unit]:
    """Keep the order of the company's units: rows count in it."""
    root, *others = company.units
    units = {root.code: organisation.root}
    for unit in others:
        assert unit.parent is not None
        units[unit.code] = Unit.objects.plant(
            organisation,
            name=unit.names[LANGUAGE],
            parent=units[unit.parent],
            kind=unit.kind,
            code=unit.code,
            email=f"{unit.code}@{company.domain}",
        )
    return units


def _enrol_members(
    organisation: Organisation, company: Company, *, units: dict[str, Unit]
) -> dict[str, Member]:
    """Members without passwords: the demo is entered by choosing who to be."""
    members = {}
    for person in company.members:
        members[person.email] = member = Member.objects.enrol(
            organisation, email=person.email, name=person.name, language=person.language
        )
        for code, kind in person.roles:
            Role.objects.grant(member, unit=units[code], kind=kind)
    return members


def _place_touchpoints(
    organisation: Organisation, company: Company, *, units: dict[str, Unit]
) -> dict[str, Touchpoint]:
    placed = {}
    for journey in company.journeys:
        names = [stage.names[LANGUAGE] for stage in journey.stages]
        drawn = Journey.objects.draw(organisation, name=journey.names[LANGUAGE], stages=names)
        for stage, simulated in zip(drawn.stages.all(), journey.stages, strict=True):
            for point in simulated.touchpoints:
                placed[point.code] = Touchpoint.objects.place(
                    stage,
                    unit=units[point.unit],
                    name=point.names[LANGUAGE],
                    mode=point.mode,
                    code=point.code,
                )
    return {point.code: placed[point.code] for point in company.touchpoints}


def _rule_names(organisation: Organisation) -> dict[str, str]:
    """By scale, the words by which the organisation's first rules open a case."""
    return dict(organisation.triage_rules.values_list("scale", "name"))


def _write(company: Company, frame: Frame) -> None:
    contact, case = bulk.next_key(Contact), bulk.next_key(Case)
    accounts = rows.account_rows(company, frame, first_key=bulk.next_key(Account))
    contacts = rows.contact_rows(company, frame, first_key=contact, accounts=accounts)
    encounters = rows.encounter_rows(company, frame, first_contact=contact)
    parties = rows.party_rows(company, frame, first_key=bulk.next_key(EncounterParty))
    legs = rows.leg_rows(company, frame, first_key=bulk.next_key(Leg), first_case=case)
    events = rows.event_rows(company, frame, first_key=bulk.next_key(CaseEvent), first_case=case)
    bulk.insert_rows(Account, columns=rows.ACCOUNT, rows=accounts)
    bulk.insert_rows(Contact, columns=rows.CONTACT, rows=contacts)
    bulk.insert_rows(Encounter, columns=rows.ENCOUNTER, rows=encounters)
    bulk.insert_rows(EncounterParty, columns=rows.PARTY, rows=parties)
    bulk.insert_rows(Response, columns=rows.RESPONSE, rows=rows.response_rows(company, frame))
    cases = rows.case_rows(company, frame, first_key=case)
    bulk.insert_rows(Case, columns=rows.CASE, rows=cases)
    bulk.insert_rows(Leg, columns=rows.LEG, rows=legs)
    bulk.insert_rows(CaseEvent, columns=rows.EVENT, rows=events)
    bulk.let_keys_follow([Account, Contact, EncounterParty, Case, Leg, CaseEvent])
