"""Two organisations with something to leak: every text says whose it is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from tests.share.readings import read_comment
from tests.world import NOW, World

from kokemus.store.models import (
    ApiKey,
    AuditEntry,
    Case,
    Contact,
    Delivery,
    ImportRun,
    MemberInvite,
    SentimentCorrection,
    Survey,
    Theme,
    ThemeExample,
    Touchpoint,
    TriageRule,
    Unit,
)

SERVICE, BILLING, OTHER = "TOP-SECRET-SERVICE", "TOP-SECRET-BILLING", "TOP-SECRET-OTHER"
SECRETS = (SERVICE, BILLING, OTHER)
"""What the service unit, the billing unit beside it, and the other organisation keep inside."""


@dataclass
class Scene:
    """The rows that a path of a `Wall` may name."""

    world: World
    other_world: World
    case: Case
    contact: Contact
    invite: MemberInvite
    delivery: Delivery
    api_key: ApiKey
    import_run: ImportRun
    rule: TriageRule
    correction: SentimentCorrection
    example: ThemeExample
    invite_token: str
    api_secret: str
    other_api_secret: str

    def names(self) -> dict[str, Any]:
        """What `{...}` in a path may begin with."""
        world = {f.name: getattr(self.world, f.name) for f in dataclasses.fields(self.world)}
        own = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return world | own | {"agent_role": self.world.agent.roles.get()}


def set_scene(world: World, other_world: World) -> Scene:
    """Fill the service unit, the billing unit and the other organisation, each with its secret."""
    fill(world, secret=BILLING, unit="billing")
    _key, other_api_secret = issue_key(other_world, name=OTHER)
    fill(other_world, secret=OTHER, unit="service")
    rows = fill(world, secret=SERVICE, unit="service")
    api_key, api_secret = issue_key(world, name="The till")
    AuditEntry.objects.record(organisation=other_world.organisation, action="export", subject=OTHER)
    AuditEntry.objects.record(organisation=world.organisation, action="export", subject=SERVICE)
    return Scene(
        world=world,
        other_world=other_world,
        invite_token=invite_to(world, email="new@invited.example", unit=world.service)[1],
        api_key=api_key,
        api_secret=api_secret,
        other_api_secret=other_api_secret,
        **rows,
    )


def issue_key(world: World, *, name: str) -> tuple[ApiKey, str]:
    from kokemus.store.models.access import SCOPES

    return ApiKey.objects.issue(world.organisation, name=name, scopes=list(SCOPES))


def invite_to(world: World, *, email: str, unit: Unit) -> tuple[MemberInvite, str]:
    expires_at = NOW + dt.timedelta(days=36500)
    return MemberInvite.objects.invite(
        email=email, unit=unit, kind="agent", by=world.admin, expires_at=expires_at
    )


def fill(world: World, *, secret: str, unit: str) -> dict[str, Any]:
    """A touchpoint, a survey, an answer, its case and so on, of one unit and marked by `secret`."""
    here = getattr(world, unit)
    touchpoint = world.touchpoint
    survey = world.survey
    if unit != "service":
        stage = world.journey.stages.all()[0]
        touchpoint = Touchpoint.objects.place(
            stage, unit=here, name=f"Touchpoint {secret}", mode="digital", code="beside"
        )
        survey = Survey.objects.draft(
            touchpoint, name=f"Survey {secret}", scale="nps", texts=world.survey.texts
        )
        survey.publish(by=None, at=NOW)
    response = world.respond(
        1,
        unit=here,
        touchpoint=touchpoint,
        survey=survey,
        version=survey.versions.get(),
        comment=f"Comment {secret}",
        reply_to=f"{secret}@customer.example".lower(),
        may_contact=True,
    )
    read_comment(response)
    theme = Theme.objects.get(organisation=world.organisation, code="waiting")
    correction = SentimentCorrection.objects.teach(
        response, label="negative", by=world.admin, at=NOW
    )
    example = ThemeExample.objects.teach(
        theme, response=response, is_positive=True, by=world.admin, at=NOW
    )
    case, _created = Case.objects.open_for(
        response, unit=here, reason="score", due_at=NOW + dt.timedelta(hours=24), at=NOW
    )
    case.write_note(world.admin, text=f"Note {secret}", at=NOW)
    contact = Contact.objects.create(
        organisation=world.organisation, reference=f"ref-{secret}", name=f"Contact {secret}"
    )
    rule = TriageRule.objects.lay_down(here, name=f"Rule {secret}", scale="nps", score_at_most=3)
    delivery = Delivery.objects.enqueue(
        organisation=world.organisation,
        key=f"scene-{secret}",
        recipient=f"{secret}@customer.example".lower(),
        subject=f"Subject {secret}",
        text=f"Text {secret}",
        due_at=NOW,
        unit=here,
    )
    invite, _token = invite_to(world, email=f"{secret}@invited.example", unit=here)
    import_run = ImportRun.objects.create(
        organisation=world.organisation,
        survey=survey,
        started_by=world.admin,
        file_name=f"{secret}.csv",
        stored_as=f"{secret}.csv",
        state="done",
        ended_at=NOW,
    )
    return {
        "case": case,
        "contact": contact,
        "invite": invite,
        "delivery": delivery,
        "import_run": import_run,
        "rule": rule,
        "correction": correction,
        "example": example,
    }
