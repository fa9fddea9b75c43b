"""`{% shown_comment response %}` on any page, `{% shown_comment response case=case %}` on a case's:
what the reader of the page may read of a comment. No template prints `response.comment` itself."""

from __future__ import annotations

from typing import Any

from django import template

from kokemus.store import redaction
from kokemus.store.models import Case, CaseEvent, Response

register = template.Library()


@register.simple_tag(takes_context=True)
def shown_comment(context: dict[str, Any], response: Response, case: Case | None = None) -> str:
    return redaction.shown_comment(response, member=context["request"].user, case=case)


@register.simple_tag(takes_context=True)
def shown_event(context: dict[str, Any], event: CaseEvent, case: Case) -> str:
    return redaction.shown_event(event, member=context["request"].user, case=case)


@register.simple_tag(takes_context=True)
def may_have_shown(context: dict[str, Any], response: Response) -> bool:
    return redaction.may_have_shown(context["request"].user, unit=response.unit)
