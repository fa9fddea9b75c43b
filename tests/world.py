"""A small organisation to test with, and another one whose rows must never be seen."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from kokemus.store.identifiers import uuid7
from kokemus.store.models import (
    Journey,
    Member,
    Organisation,
    Response,
    Role,
    Survey,
    Touchpoint,
    Unit,
    Version,
)

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
PASSWORD = "kaksi kahvia ja pulla"
_numbers = itertools.count(1)


def texts(question: str = "Would you recommend us?") -> dict[str, dict[str, str]]:
    return {language: {"question": question, "why": "Why?"} for language in ("fi", "sv", "en")}


@dataclass
class World:
    """root ─┬─ service (internal)          touchpoint and survey are the service unit's
    ├─ billing (internal)
    └─ partner (partner)
    """

    organisation: Organisation
    root: Unit
    service: Unit
    billing: Unit
    partner: Unit
    admin: Member
    lead: Member
    agent: Member
    viewer: Member
    partner_agent: Member
    journey: Journey
    touchpoint: Touchpoint
    survey: Survey
    version: Version

    def respond(self, score: int | None = 2, **values: Any) -> Response:
        """A response at the world's touchpoint, as the writer would leave it."""
        answered_at = values.pop("answered_at", NOW)
        fields: dict[str, Any] = {
            "id": uuid7(),
            "key": f"key-{next(_numbers)}",
            "organisation": self.organisation,
            "survey": self.survey,
            "version": self.version,
            "touchpoint": self.touchpoint,
            "unit": self.service,
            "scale": self.survey.scale,
            "score": score,
            "language": "en",
            "channel": "link",
            "answered_at": answered_at,
            "local_day": answered_at.date(),
            "completed_at": answered_at,
            "changed_at": answered_at,
        }
        return Response.objects.create(**fields | values)


@cache
def _hashed_password() -> str:
    """Hashing is slow on purpose; once is enough for all members of all tests."""
    return make_password(PASSWORD)


def make_world(name: str = "Acme") -> World:
    number = next(_numbers)
    organisation = Organisation.objects.found(
        name=f"{name} {number}", language="en", time_zone="Europe/Helsinki"
    )
    root = organisation.root
    service = Unit.objects.plant(organisation, name="Service", parent=root, code="service")
    billing = Unit.objects.plant(organisation, name="Billing", parent=root, code="billing")
    partner = Unit.objects.plant(
        organisation, name="Partner", parent=root, kind="partner", code="partner"
    )

    def enrol(kind: str, unit: Unit) -> Member:
        member = Member.objects.enrol(
            organisation,
            email=f"{kind}.{unit.name}.{number}@acme.example".lower(),
            name=f"{kind} of {unit.name}".capitalize(),
            language="en",
        )
        member.password = _hashed_password()
        member.save()
        Role.objects.grant(member, unit=unit, kind=kind)
        return member

    journey = Journey.objects.draw(organisation, name="Home service", stages=["Order", "Visit"])
    touchpoint = Touchpoint.objects.place(
        journey.stages.all()[1], unit=service, name="Visit", mode="human", code="visit"
    )
    survey = Survey.objects.draft(touchpoint, name="After the visit", scale="nps", texts=texts())
    version = survey.publish(by=None, at=NOW)
    return World(
        organisation=organisation,
        root=root,
        service=service,
        billing=billing,
        partner=partner,
        admin=enrol("admin", root),
        lead=enrol("lead", service),
        agent=enrol("agent", service),
        viewer=enrol("viewer", service),
        partner_agent=enrol("agent", partner),
        journey=journey,
        touchpoint=touchpoint,
        survey=survey,
        version=version,
    )
