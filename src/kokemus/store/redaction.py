"""What a member may read of a comment. Whatever shows or sends one asks here.

A comment is read as it was written on the page of its case, by those who work on it: agents and
up in the unit that has the case, or that met the customer. Everywhere else, and by everybody
else, personal data, the names of members and those on the organisation's list are hidden. Leads
may have one comment shown, which is written into the audit (`kokemus.listen.unredaction`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kokemus.comments.personal import find_personal_data, redact
from kokemus.store.models import (
    Case,
    CaseEvent,
    CommentReading,
    HiddenNames,
    Member,
    Response,
    Unit,
)

NamesOf = Callable[[int], Sequence[str]]


def shown_comment(response: Response, *, member: Member, case: Case | None = None) -> str:
    """The comment as the member may read it: on the page of `case`, or on any other page."""
    if case is not None and may_read_as_written(member, case=case):
        return response.comment
    return redacted_comment(response, names_of=lambda _organisation: member.names_around())


def shown_event(event: CaseEvent, *, member: Member, case: Case) -> str:
    """The text of a line of a case's history; what the customer wrote is a comment."""
    if event.kind != CaseEvent.Kind.ANSWER or may_read_as_written(member, case=case):
        return event.text
    return hide_personal_data(
        event.text, language=case.response.language, names=member.names_around()
    )


def may_read_as_written(member: Member, *, case: Case) -> bool:
    """Whether the member works on the case: in its unit, or in the one that met the customer."""
    units = (case.unit, case.response.unit)
    return any(member.has_role("agent", unit=unit) for unit in units)


def may_have_shown(member: Member, *, unit: Unit) -> bool:
    """Whether the member may have a comment of the unit shown as it was written."""
    return member.has_role("lead", unit=unit)


def redacted_comment(response: Response, *, names_of: NamesOf | None = None) -> str:
    """The comment without personal data: as it was read, or made now where it waits to be.

    A list of many reads `reading` along (`select_related`); `names_of` may remember the names
    that an organisation hides from one comment to the next.
    """
    if not response.comment:
        return ""
    if is_read(response.reading_turn):
        reading: CommentReading | None = getattr(response, "reading", None)
        if reading is not None:
            return reading.redacted
    names = (names_of or HiddenNames.objects.names_to_hide)(response.organisation_id)
    return hide_personal_data(response.comment, language=response.language, names=names)


def is_read(turn: int | None) -> bool:
    """Whether the reading that there is, is of the comment as it is now."""
    return turn is None or turn == Response.Turn.AGAIN


def hide_personal_data(text: str, *, language: str, names: Sequence[str] = ()) -> str:
    """Any text with words in brackets where personal data, and these names, stood."""
    if not text:
        return ""
    spans = find_personal_data(text, language=language, names=names)
    return redact(text, spans, language=language)
