"""Answers. Rows are written by `store.capture`, one statement for every door."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import NamedTuple, Self

from django.db import DataError, IntegrityError, connections, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kokemus.store.capture import (
    Outcome,
    Submission,
    insert_submissions,
    refusal_of,
    row_errors,
)
from kokemus.store.models.contacts import Encounter
from kokemus.store.models.journeys import Touchpoint
from kokemus.store.models.organisation import Organisation, Unit
from kokemus.store.models.surveys import Survey, Version
from kokemus.store.scales import SCALES
from kokemus.store.visibility import WalledQuerySet

MARKED_AT_ONCE = 2_000


class RuleFacts(NamedTuple):
    """What triage rules look at in an answer."""

    pk: uuid.UUID
    organisation_id: int
    touchpoint_id: int
    unit_path: str
    scale: str
    score: int | None
    comment: str
    changed_at: dt.datetime


class ReadingFacts(NamedTuple):
    """What reading a comment takes."""

    pk: uuid.UUID
    organisation_id: int
    unit_id: int
    comment: str
    language: str
    answered_at: dt.datetime
    local_day: dt.date
    changed_at: dt.datetime


class ResponseQuerySet(WalledQuerySet["Response"]):
    def untriaged(self) -> Self:
        """Answers nobody has looked at by rule yet, oldest first."""
        return self.filter(triaged_at=None).order_by("changed_at")

    def commented(self) -> Self:
        return self.exclude(comment="")

    def select_for_rules(self, *, limit: int) -> Sequence[RuleFacts]:
        """Of the first ones, what rules look at: a tenth of the work of reading whole rows."""
        columns = (name.replace("unit_path", "unit__path") for name in RuleFacts._fields)
        return [RuleFacts(*row) for row in self.values_list(*columns)[:limit]]

    def mark_triaged(self, *, at: dt.datetime) -> int:
        return self.update(triaged_at=at)

    def unread(self) -> Self:
        """Comments to read, in the order they are read: who wrote just now goes first."""
        return self.filter(reading_turn__isnull=False).order_by("reading_turn", "-changed_at")

    def fresh(self) -> Self:
        """Of the comments to read, those that have just come."""
        return self.unread().filter(reading_turn=Response.Turn.FRESH)

    def not_fresh(self) -> Self:
        """Of the comments to read, those that came with a file, and those to be read again."""
        return self.unread().filter(reading_turn__gt=Response.Turn.FRESH)

    def read(self) -> Self:
        """Comments that have been read as they are now."""
        settled = Q(reading_turn=None) | Q(reading_turn=Response.Turn.AGAIN)
        return self.commented().filter(settled, reading__isnull=False)

    def select_for_reading(self, *, limit: int) -> Sequence[ReadingFacts]:
        """Of the first ones, what reading needs to know."""
        return [ReadingFacts(*row) for row in self.values_list(*ReadingFacts._fields)[:limit]]

    def lock_unchanged(self, seen: Mapping[uuid.UUID, dt.datetime]) -> dict[uuid.UUID, int]:
        """Lock those unread that are as they were when they were looked at; whose turn it is."""
        locked = self.unread().filter(pk__in=list(seen)).select_for_update(of=("self",))
        found = locked.values_list("pk", "changed_at", "reading_turn")
        return {key: turn for key, at, turn in found if turn and seen[key] == at}

    def mark_read(self) -> int:
        return self.update(reading_turn=None)

    def read_again(self) -> int:
        """Let what has been read be read anew in the background: something was learnt.

        A few thousand at a time, so that capture is not kept waiting where there are many.
        """
        keys = list(self.commented().filter(reading_turn=None).values_list("pk", flat=True))
        rows = Response.objects.filter(reading_turn=None)
        return sum(
            rows.filter(pk__in=keys[start : start + MARKED_AT_ONCE]).update(
                reading_turn=Response.Turn.AGAIN
            )
            for start in range(0, len(keys), MARKED_AT_ONCE)
        )

    def iterate_comments(self, *, at_once: int) -> Iterator[list[tuple[uuid.UUID, str]]]:
        """Key and comment of all that have one, some at a time; nothing is held in between."""
        rows = self.commented().order_by("pk").values_list("pk", "comment")
        found = list(rows[:at_once])
        while found:
            yield found
            found = list(rows.filter(pk__gt=found[-1][0])[:at_once])

    @transaction.atomic
    def mark_triaged_if_unchanged(
        self, seen: Mapping[uuid.UUID, dt.datetime], *, at: dt.datetime
    ) -> int:
        """Mark those that are as they were when they were looked at: key and `changed_at`."""
        locked = self.untriaged().filter(pk__in=list(seen)).select_for_update(of=("self",))
        found = locked.values_list("pk", "changed_at")
        same = [key for key, changed_at in found if seen[key] == changed_at]
        return self.filter(pk__in=same).mark_triaged(at=at)

    def record(self, submissions: Sequence[Submission], *, now: dt.datetime) -> list[Outcome]:
        """Write a batch of answers over Django's connection, one outcome for each in order.

        A row that the database refuses does not fail the others: each is then written alone.
        """
        of_a_row: tuple[type[Exception], ...] = (
            *row_errors(connections[self.db].vendor),
            DataError,
            IntegrityError,
        )
        try:
            return self._record_together(submissions, now=now)
        except of_a_row as error:
            if len(submissions) == 1:
                return [Outcome(submissions[0].id, "refused", refusal_of(error))]
        return [self.record([submission], now=now)[0] for submission in submissions]

    def _record_together(
        self, submissions: Sequence[Submission], *, now: dt.datetime
    ) -> list[Outcome]:
        """Past Django's cursor, whose debug log would keep what people wrote."""
        with transaction.atomic(using=self.db):
            connection = connections[self.db]
            with closing(connection.connection.cursor()) as cursor:
                return insert_submissions(cursor, submissions, vendor=connection.vendor, now=now)


def _score_fits() -> Q:
    fits = Q(score=None)
    for scale in SCALES.values():
        fits |= Q(scale=scale.code, score__gte=scale.low, score__lte=scale.high)
    return fits


class Response(models.Model):
    """One answered questionnaire. Touchpoint and unit are kept as they were at the encounter.

    `key` is the idempotency key: the same key again is the same response. `score` is None where
    the question was skipped. `changed_at` is when the row last changed, by the writer's clock.
    `reading_turn` says that the comment waits to be read, and in which queue; None: it is read.
    """

    class Turn(models.IntegerChoices):
        FRESH = 1, _("Just arrived")
        PAST = 2, _("Of the past")
        AGAIN = 3, _("To be read again")

    class Channel(models.TextChoices):
        LINK = "link", _("Link")
        QR = "qr", _("QR code")
        EMAIL = "email", _("Email")
        SMS = "sms", _("Text message")
        API = "api", _("API")
        IMPORT = "import", _("Import")

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="responses", db_index=False
    )
    key = models.CharField(max_length=100)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)
    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    encounter = models.ForeignKey(Encounter, models.SET_NULL, null=True, related_name="responses")
    scale = models.CharField(max_length=6, choices=Survey.ScaleCode)
    score = models.SmallIntegerField(null=True)
    comment = models.TextField(blank=True)
    may_contact = models.BooleanField(default=False)
    reply_to = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=6, choices=Channel)
    answered_at = models.DateTimeField()
    local_day = models.DateField()
    completed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    triaged_at = models.DateTimeField(null=True)
    reading_turn = models.SmallIntegerField(null=True, default=Turn.FRESH, choices=Turn)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("organisation", "changed_at", name="response_by_change"),
            models.Index("unit", "answered_at", name="response_by_unit"),
            models.Index("changed_at", condition=Q(triaged_at=None), name="response_untriaged"),
            models.Index(
                "reading_turn",
                "changed_at",
                condition=Q(reading_turn__isnull=False),
                name="response_unread",
            ),
        ]
        constraints = [
            models.UniqueConstraint("organisation", "key", name="response_key_unique"),
            models.CheckConstraint(condition=_score_fits(), name="response_score_fits_scale"),
            models.CheckConstraint(
                condition=Q(channel__in=["link", "qr", "email", "sms", "api", "import"]),
                name="response_channel_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scale} {self.score}"
