"""The mail that tells a unit that a case has come to it. Written here, sent by the outbox."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override

from kokemus.respond.recipients import Recipient, find_recipients
from kokemus.respond.scores import score_words
from kokemus.store.models import Case, Delivery, HiddenNames, Leg, Member, Response
from kokemus.store.redaction import redacted_comment
from kokemus.ui.wording import format_duration, format_moment

KEY_LENGTH_MAX = 120
COMMENT_WAIT = dt.timedelta(seconds=30)


@dataclass
class Alerts:
    """The alerts of one transaction: gathered first, so that recipients are read once for all."""

    now: dt.datetime
    _comments: dict[uuid.UUID, str] = field(default_factory=dict)
    _names: dict[int, Sequence[str]] = field(default_factory=dict)
    _opened: list[tuple[Case, Response]] = field(default_factory=list)
    _amended: list[tuple[Case, Response]] = field(default_factory=list)

    def add_opened(self, case: Case, *, response: Response) -> None:
        self._opened.append((case, response))

    def add_amended(self, case: Case, *, response: Response) -> None:
        self._amended.append((case, response))

    def enqueue(self) -> None:
        """Put all gathered alerts in the outbox."""
        told = find_recipients(case.unit for case, _ in self._opened + self._amended)
        Delivery.objects.enqueue_new(
            Delivery(**self._write_opened(case, response=response, recipient=recipient))
            for case, response in self._opened
            for recipient in told[case.unit_id]
        )
        for case, response in self._amended:
            for recipient in told[case.unit_id]:
                self._enqueue_amended(case, response=response, recipient=recipient)

    def _write_opened(
        self, case: Case, *, response: Response, recipient: Recipient
    ) -> dict[str, Any]:
        """A tap waits a moment for the comment; a complete answer does not wait."""
        is_complete = bool(response.completed_at or response.comment)
        return _write(
            case,
            key="opened",
            response=response,
            comment=self._comment(response),
            recipient=recipient,
            due_at=self.now if is_complete else self.now + COMMENT_WAIT,
        )

    def _enqueue_amended(self, case: Case, *, response: Response, recipient: Recipient) -> None:
        """Renew the first alert if it has not left; else tell of the words once more."""
        if case.unit_id == response.unit_id:
            message = self._write_opened(case, response=response, recipient=recipient)
            if Delivery.objects.enqueue(**message).attempts == 0:
                return
        if response.comment:
            message = _write(
                case,
                key="added",
                response=response,
                comment=self._comment(response),
                recipient=recipient,
                due_at=self.now,
            )
            Delivery.objects.enqueue(**message)

    def _comment(self, response: Response) -> str:
        """As a mail may say it: mails lie in boxes that many open, and are sent on."""
        if response.pk not in self._comments:
            self._comments[response.pk] = redacted_comment(response, names_of=self._names_of)
        return self._comments[response.pk]

    def _names_of(self, organisation_id: int) -> Sequence[str]:
        if organisation_id not in self._names:
            self._names[organisation_id] = HiddenNames.objects.names_to_hide(organisation_id)
        return self._names[organisation_id]


def alert_handed_off(
    case: Case, *, leg: Leg, by: Member, text: str, now: dt.datetime
) -> list[Delivery]:
    """Tell the receiving unit, in words of the one who handed the case on."""
    comment = redacted_comment(case.response)
    return [
        Delivery.objects.enqueue(
            **_write(
                case,
                key=f"leg:{leg.pk}",
                response=case.response,
                comment=comment,
                recipient=recipient,
                due_at=now,
                by=by,
                note=text,
            )
        )
        for recipient in find_recipients([leg.unit])[leg.unit_id]
    ]


def _write(
    case: Case,
    *,
    key: str,
    response: Response,
    comment: str,
    recipient: Recipient,
    due_at: dt.datetime,
    by: Member | None = None,
    note: str = "",
) -> dict[str, Any]:
    """The message to one recipient, in their language."""
    with (
        override(recipient.language),
        timezone.override(zoneinfo.ZoneInfo(case.organisation.time_zone)),
    ):
        context = _context(case, response=response, key=key)
        context |= {"by": by, "note": note, "comment": comment}
        return {
            "organisation": case.organisation,
            "key": delivery_key(f"case:{case.pk}:{key}", recipient.address),
            "recipient": recipient.address,
            "subject": _subject(case, context=context, key=key)[:200],
            "text": render_to_string("respond/mail/alert.txt", context),
            "html": render_to_string("respond/mail/alert.html", context),
            "reply_to": by.email if by else "",
            "unit": case.unit,
            "due_at": due_at,
        }


def delivery_key(what: str, address: str) -> str:
    """What makes a message once only; an address too long for a key goes in by its digest."""
    if len(what) + len(address) < KEY_LENGTH_MAX:
        return f"{what}:{address}"
    return f"{what}:{hashlib.sha256(address.encode()).hexdigest()}"


def _context(case: Case, *, response: Response, key: str) -> dict[str, object]:
    return {
        "case": case,
        "key": key,
        "score": score_words(response.scale, response.score),
        "touchpoint": case.touchpoint.name,
        "due_moment": format_moment(case.due_at),
        "due_length": format_duration(case.due_at - case.changed_at),
        "url": f"{settings.PUBLIC_URL}/cases/{case.number}/",
    }


def _subject(case: Case, *, context: dict[str, object], key: str) -> str:
    words = {
        "opened": gettext("%(score)s at %(touchpoint)s: case %(number)s"),
        "added": gettext("The customer added words: case %(number)s"),
    }
    template = words.get(key) or gettext("Handed to %(unit)s: case %(number)s, %(score)s")
    return template % {**context, "number": case.number, "unit": case.unit.name}
