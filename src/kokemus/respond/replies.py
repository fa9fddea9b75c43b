"""A reply to the customer: to whom, in which language, and what the mail says."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override

from kokemus.respond.scores import score_words
from kokemus.store.models import Case, Member, Response
from kokemus.ui.wording import format_day


class NoAddress(ValueError):
    """The customer cannot be written to."""


@dataclass(frozen=True)
class Words:
    subject: str
    text: str
    html: str


def reply_address(response: Response) -> str:
    """Where the customer may be written to; empty without permission or address."""
    if not response.may_contact:
        return ""
    if "@" in response.reply_to:
        return response.reply_to
    contact = response.encounter.contact if response.encounter else None
    return contact.email if contact else ""


def compose_reply(case: Case, *, text: str, by: Member) -> Words:
    """The mail in the customer's language: the member's own words, then what it answers."""
    response, organisation = case.response, case.organisation
    with (
        override(response.language),
        timezone.override(zoneinfo.ZoneInfo(organisation.time_zone)),
    ):
        context = {
            "text": text,
            "name": by.name,
            "organisation": organisation.name,
            "comment": response.comment,
            "comment_lines": response.comment.splitlines(),
            "score": score_words(response.scale, response.score),
            "day": format_day(response.answered_at),
        }
        subject = gettext("Your feedback to %(organisation)s") % context
        return Words(
            subject=subject[:200],
            text=render_to_string("respond/mail/reply.txt", context),
            html=render_to_string("respond/mail/reply.html", context),
        )
