"""Everything kept about a person, as the dict that is handed to them as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model

from kokemus.store.models import (
    Case,
    CommentReading,
    Contact,
    Delivery,
    Encounter,
    ImportRun,
    Response,
    SentimentCorrection,
    ThemeExample,
)
from kokemus.store.people import Marks, Person, trace


def export_person(person: Person) -> dict[str, Any]:
    """All that is kept about the person, oldest first, with times in the organisation's zone.

    Of others there are in it the names of members who wrote or did something, and not the
    pseudonyms of staff whom the person met.
    """
    traces = trace(person)
    tell = _Teller(ZoneInfo(person.organisation.time_zone))
    encounters = Encounter.objects.filter(pk__in=traces.encounters)
    answers = Response.objects.filter(pk__in=traces.answers)
    cases = Case.objects.filter(pk__in=traces.cases).select_related("response", "unit", "taken_by")
    deliveries = Delivery.objects.filter(pk__in=traces.deliveries).select_related("unit")
    return {
        "organisation": person.organisation.name,
        "time_zone": person.organisation.time_zone,
        "contact": _tell_contact(person.contact) if person.contact else None,
        "addresses": person.addresses,
        "encounters": [
            tell.encounter(row)
            for row in encounters.select_related("touchpoint", "unit")
            .prefetch_related("parties__unit")
            .order_by("happened_at", "pk")
        ],
        "answers": [
            tell.answer(row)
            for row in answers.select_related(
                "survey", "version", "touchpoint", "unit", "encounter", "reading", "embedding"
            )
            .select_related("sentiment_correction__member")
            .prefetch_related("reading__read_themes__theme", "theme_examples__theme")
            .order_by("answered_at", "pk")
        ],
        "cases": [
            tell.case(row)
            for row in cases.prefetch_related("legs__unit", "events__member").order_by("pk")
        ],
        "deliveries": [tell.delivery(row) for row in deliveries.order_by("pk")],
        "refused_lines": list(_refused_lines(person, Marks(person, traces))),
    }


def _tell_contact(contact: Contact) -> dict[str, Any]:
    account = contact.account
    return {
        **_values(contact, "reference", "audience", "name", "email", "phone", "language"),
        "account": {"reference": account.reference, "name": account.name} if account else None,
    }


def _refused_lines(person: Person, marks: Marks) -> Iterator[dict[str, Any]]:
    runs = ImportRun.objects.filter(organisation=person.organisation).order_by("pk")
    for run in runs:
        for one in run.refused:
            if marks.are_in(str(one["value"])):
                yield {"file": run.file_name, "line": one["line"], "value": one["value"]}


class _Teller:
    """Rows as plain values."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def moment(self, at: dt.datetime | None) -> str | None:
        return at.astimezone(self._zone).isoformat() if at else None

    def moments(self, row: Model, *names: str) -> dict[str, str | None]:
        return {name: self.moment(getattr(row, name)) for name in names}

    def encounter(self, row: Encounter) -> dict[str, Any]:
        return {
            "id": str(row.pk),
            "reference": row.reference,
            "touchpoint": row.touchpoint.name,
            "unit": row.unit.name,
            "mode": row.mode,
            **self.moments(row, "happened_at", "received_at"),
            "units_that_took_part": sorted({party.unit.name for party in row.parties.all()}),
        }

    def answer(self, row: Response) -> dict[str, Any]:
        reading: CommentReading | None = getattr(row, "reading", None)
        return {
            "id": str(row.pk),
            "key": row.key,
            "survey": row.survey.name,
            "version": row.version.number,
            "touchpoint": row.touchpoint.name,
            "unit": row.unit.name,
            "encounter": row.encounter.reference if row.encounter else None,
            **_values(row, "scale", "score", "comment", "may_contact", "reply_to", "language"),
            "channel": row.channel,
            "local_day": row.local_day.isoformat(),
            **self.moments(row, "answered_at", "completed_at", "changed_at"),
            "reading": self.reading(reading) if reading else None,
            "embedding": _numbers(row),
            "said_by_members": self.said(row),
        }

    def reading(self, row: CommentReading) -> dict[str, Any]:
        """What the comment was read as; places in it count characters of the comment."""
        return {
            **_values(row, "language", "sentiment", "label", "probability", "is_unsure"),
            **_values(row, "is_corrected", "statements", "evidence", "personal", "redacted"),
            "lemmas": row.lemmas.split(),
            "themes": [
                {
                    "theme": found.theme.code,
                    **_values(found, "source", "probability", "sentiment", "label"),
                }
                for found in sorted(row.read_themes.all(), key=lambda found: found.theme_id)
            ],
            **self.moments(row, "read_at"),
        }

    def said(self, row: Response) -> list[dict[str, Any]]:
        """What members taught about the comment."""
        said: SentimentCorrection | None = getattr(row, "sentiment_correction", None)
        feelings = [{"feels": said.label, **self.moments(said, "at")}] if said else []
        themes = sorted(row.theme_examples.all(), key=lambda one: one.pk)
        return [*feelings, *map(self.example, themes)]

    def example(self, row: ThemeExample) -> dict[str, Any]:
        return {
            "theme": row.theme.code,
            "is_about_it": row.is_positive,
            **self.moments(row, "at"),
        }

    def case(self, row: Case) -> dict[str, Any]:
        return {
            "number": row.number,
            "answer": str(row.response_id),
            "unit": row.unit.name,
            "taken_by": row.taken_by.name if row.taken_by else None,
            "reason": row.reason,
            "cause": row.cause,
            **self.moments(row, "opened_at", "due_at", "resolved_at", "changed_at"),
            "legs": [
                {
                    "unit": leg.unit.name,
                    **self.moments(leg, "started_at", "due_at", "taken_at", "ended_at"),
                }
                for leg in row.legs.all()
            ],
            "history": [
                {
                    **self.moments(event, "at"),
                    "by": event.member.name if event.member else None,
                    **_values(event, "kind", "text", "data"),
                }
                for event in row.events.all()
            ],
        }

    def delivery(self, row: Delivery) -> dict[str, Any]:
        return {
            **_values(row, "channel", "recipient", "subject", "text", "reply_to"),
            **_values(row, "state", "attempts", "last_error"),
            "unit": row.unit.name if row.unit else None,
            **self.moments(row, "created_at", "due_at", "sent_at"),
        }


def _values(row: Model, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _numbers(row: Response) -> str | None:
    """What the comment means, as the bytes it was turned into."""
    embedding = getattr(row, "embedding", None)
    return bytes(embedding.vector).hex() if embedding else None
