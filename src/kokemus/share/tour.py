"""Five things to see in the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kokemus.store.models import Case, Member, Survey, Touchpoint

SEEN, DISMISSED = "tour_seen", "tour_dismissed"


@dataclass(frozen=True)
class Step:
    """One thing to see; `find` gives its address for a member, or nothing if it is not there."""

    code: str
    text: str | Promise
    find: Callable[[Member], str]


def find_target(code: str, *, member: Member) -> str:
    """The address a step leads to.

    Raises
    ------
    UnknownStep
        If there is no such step.
    """
    for step in STEPS:
        if step.code == code:
            return step.find(member) or _page("today") or "/"
    raise UnknownStep(code)


class UnknownStep(LookupError):
    """The tour has no step of this name."""


def tour(request: HttpRequest) -> dict[str, Any]:
    """The context processor: the banner, for members of a demo who have not put it away."""
    member = getattr(request, "user", None)
    if not isinstance(member, Member) or not member.organisation.is_demo:
        return {}
    if request.session.get(DISMISSED):
        return {}
    seen = set(request.session.get(SEEN, []))
    steps = [{"step": step, "is_seen": step.code in seen} for step in STEPS]
    count = sum(step.code in seen for step in STEPS)
    is_open = count == 0 and request.path == _page("today")
    return {"tour": {"steps": steps, "seen": count, "all": len(STEPS), "is_open": is_open}}


def _overdue_case(member: Member) -> str:
    case = Case.objects.visible_to(member).unresolved().by_due_time().first()
    return _page("case", case.number) if case else ""


def _handed_on_case(member: Member) -> str:
    handed = Case.objects.visible_to(member).annotate(hands=Count("legs")).filter(hands__gt=1)
    case = handed.order_by("resolved_at", "-hands", "pk").last()
    return _page("case", case.number) if case else ""


def _invoice(member: Member) -> str:
    invoice = Touchpoint.objects.visible_to(member).filter(code="invoice").first()
    query = f"?period=365&touchpoint={invoice.pk}&scale=csat" if invoice else "?period=365"
    return _page("overview") + query


def _alike(member: Member) -> str:
    return _page("overview") + "?scale=ces&period=28#attention"


def _answer_page(member: Member) -> str:
    surveys = Survey.objects.filter(organisation=member.organisation_id, is_open=True)
    survey = surveys.filter(scale="nps").order_by("pk").first()
    return f"/a/{survey.link}" if survey else ""


def _page(name: str, *arguments: object) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


STEPS = (
    Step("overdue", _("A customer who has waited too long"), _overdue_case),
    Step("hand-off", _("A matter that went from hand to hand"), _handed_on_case),
    Step("invoice", _("The new invoice that made satisfaction fall"), _invoice),
    Step("alike", _("What cannot be told apart, said so"), _alike),
    Step("answer", _("What the customer sees: answer yourself"), _answer_page),
)
