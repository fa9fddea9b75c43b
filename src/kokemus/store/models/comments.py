"""What comments were read as: language, statements, feeling and themes, each with its evidence."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from django.db import models, transaction
from django.db.models import Count, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kokemus.store.models.organisation import Member, Organisation, Unit
from kokemus.store.models.responses import Response
from kokemus.store.models.themes import Theme, ThemeExample
from kokemus.store.visibility import VisibleQuerySet, WalledQuerySet

SAID = 0.75  # what a comment scores that a member called positive; the shipped scale ends at 1


class Feeling(models.TextChoices):
    NEGATIVE = "negative", _("Negative")
    NEUTRAL = "neutral", _("Neutral")
    POSITIVE = "positive", _("Positive")


class Progress(NamedTuple):
    """How many of the comments have been read."""

    read: int
    total: int

    @property
    def is_done(self) -> bool:
        return self.read >= self.total


def _within(rows: models.QuerySet[Any]) -> Coalesce:
    """How many rows of one organisation, to be counted inside of another statement."""
    counted = rows.order_by().values("organisation").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


class ReadingFacts(NamedTuple):
    """What triage rules look at in a reading, beside its themes."""

    pk: uuid.UUID
    organisation_id: int
    touchpoint_id: int
    unit_path: str
    label: str
    is_unsure: bool
    read_at: dt.datetime


class EmbeddingFacts(NamedTuple):
    """What embedding a comment takes: what is personal in it is blanked first."""

    pk: uuid.UUID
    comment: str
    personal: list[dict[str, Any]]
    read_at: dt.datetime


class FoundTheme(NamedTuple):
    """A theme in a comment, as it is written beside the reading."""

    theme_id: int
    source: str
    probability: float | None
    sentiment: float
    label: str


class CommentReadingQuerySet(WalledQuerySet["CommentReading"]):
    def with_story(self) -> Self:
        """With what a list of comments shows, in three queries at most."""
        found = self.select_related("response", "response__touchpoint", "unit")
        return found.prefetch_related("read_themes__theme")

    def about(self, theme: Theme | int) -> Self:
        return self.filter(read_themes__theme=theme)

    def having_lemma(self, lemma: str) -> Self:
        """Those with the word in any of its forms; `lemma` as `kokemus.comments` gives it."""
        return self.filter(lemmas__contains=f" {lemma} ")

    def untriaged(self) -> Self:
        """Those no theme rule has looked at, whose answer the other rules have looked at."""
        return self.filter(triaged_at=None, response__triaged_at__isnull=False)

    def select_for_rules(self, *, limit: int) -> Sequence[ReadingFacts]:
        """Of the first ones, oldest first, what rules look at."""
        paths = {"touchpoint_id": "response__touchpoint_id", "unit_path": "unit__path"}
        columns = [paths.get(name, name) for name in ReadingFacts._fields]
        rows = self.order_by("read_at").values_list(*columns)
        return [ReadingFacts(*row) for row in rows[:limit]]

    def mark_triaged(self, *, at: dt.datetime) -> int:
        return self.update(triaged_at=at)

    def mark_changed(self, *, at: dt.datetime) -> int:
        return self.update(read_at=at)

    @transaction.atomic
    def mark_triaged_if_unchanged(
        self, seen: Mapping[uuid.UUID, dt.datetime], *, at: dt.datetime
    ) -> int:
        """Mark those that are as they were when they were looked at: key and `read_at`."""
        return self.filter(pk__in=self.lock_untriaged(seen)).mark_triaged(at=at)

    def lock_untriaged(self, seen: Mapping[uuid.UUID, dt.datetime]) -> list[uuid.UUID]:
        """Lock those that no rule has looked at and that have not been read anew."""
        locked = self.filter(triaged_at=None, pk__in=list(seen)).select_for_update(of=("self",))
        return [key for key, read_at in locked.values_list("pk", "read_at") if seen[key] == read_at]

    def progress(self, organisation: Organisation | int) -> Progress:
        """How many of the organisation's comments are read; one to be read again is not.

        Both are counted by one statement: what is read meanwhile is neither missed nor doubled.
        """
        waiting = Response.objects.filter(organisation=organisation).unread().commented()
        read = self.filter(organisation=organisation)
        if not waiting.exists():
            done = read.count()
            return Progress(done, done)
        counts = [_within(rows) for rows in (read.filter(response__reading_turn=None), waiting)]
        found = Organisation.objects.filter(pk=getattr(organisation, "pk", organisation))
        done, left = found.values_list(*counts).get()
        return Progress(done, done + left)

    def forget(self, seen: Mapping[uuid.UUID, dt.datetime]) -> int:
        """Remove the readings of answers whose comment is gone since; they are read then."""
        from kokemus.store.models.embeddings import CommentEmbedding  # it stands above this module

        with transaction.atomic():
            turns = Response.objects.lock_unchanged(seen)
            CommentEmbedding.objects.filter(pk__in=list(turns)).delete()
            self.filter(response__in=list(turns)).delete()
            return Response.objects.filter(pk__in=list(turns)).mark_read()

    @transaction.atomic
    def write(
        self,
        readings: Sequence[CommentReading],
        *,
        themes: Mapping[uuid.UUID, Sequence[FoundTheme]],
        at: dt.datetime,
    ) -> int:
        """Keep the readings of comments that are still as they were read; return how many.

        What people said of a comment stays. Whether rules have looked at a reading stays too,
        unless the comment has just come or changed. An embedding stays where it is still of the
        same words; where there is one, none is waited for.
        """
        from kokemus.store.models.embeddings import CommentEmbedding  # it stands above this module

        turns = Response.objects.lock_unchanged({r.response_id: r.read_of for r in readings})
        kept = [reading for reading in readings if reading.response_id in turns]
        rows = self.filter(response__in=list(turns))
        before = dict(rows.values_list("response", "triaged_at"))
        embedded = CommentEmbedding.objects.drop_outdated(kept)
        said = SentimentCorrection.objects.filter(response__in=list(turns))
        labels = dict(said.values_list("response", "label"))
        for reading in kept:
            key = reading.response_id
            is_fresh = turns[key] == Response.Turn.FRESH
            reading.triaged_at = None if is_fresh else before.get(key, at)
            reading.awaits_embedding = reading.awaits_embedding and key not in embedded
            if key in labels:
                reading.feel(labels[key])
        self.filter(response__in=list(before)).delete()
        self.bulk_create(kept)
        ReadTheme.objects.write(kept, themes=themes)
        Response.objects.filter(pk__in=list(turns)).mark_read()
        return len(kept)

    def unembedded(self) -> Self:
        """Those whose comment waits to be embedded, and is as it was read; newest first."""
        turn = "response__reading_turn"
        settled = Q(**{turn: None}) | Q(**{turn: Response.Turn.AGAIN})
        return self.filter(settled, awaits_embedding=True).order_by("-read_at")

    def select_for_embedding(self, *, limit: int) -> Sequence[EmbeddingFacts]:
        """Of the first ones, what embedding needs to know."""
        columns = (name.replace("comment", "response__comment") for name in EmbeddingFacts._fields)
        return [EmbeddingFacts(*row) for row in self.values_list(*columns)[:limit]]

    def await_embeddings(self, *, before: uuid.UUID | None, limit: int) -> uuid.UUID | None:
        """Let the next ones by key, newest first, be embedded if they are not.

        Returns the last key looked at, to go on from; None where there are no more.
        """
        rows = self.filter(pk__lt=before) if before else self
        keys = list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])
        self.filter(pk__in=keys, response__embedding=None).update(awaits_embedding=True)
        return keys[-1] if keys else None


class CommentReading(models.Model):
    """What was understood of one comment. It goes when its answer goes.

    `read_of` is the `changed_at` of the answer that was read, and `read_at` when that was, or
    when a member last said otherwise: whoever keeps a copy goes by it. `statements`: a list of
    {start, end, sentiment, label, is_unsure, themes}; `evidence`: {start, end, kind, weight},
    the kind "sentiment" or "theme:<code>"; `personal`: {start, end, kind}. All of them count
    characters of the comment as it was given, so they are for those who may see it; `redacted` is
    for all, and `shown` holds what of the evidence can be marked in it, in its own characters.
    `lemmas` is one text, " lemma lemma ".
    """

    response = models.OneToOneField(
        Response, models.CASCADE, primary_key=True, related_name="reading"
    )
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField()
    local_day = models.DateField()
    language = models.CharField(max_length=2, blank=True)
    sentiment = models.FloatField()
    label = models.CharField(max_length=8, choices=Feeling)
    probability = models.FloatField()
    is_unsure = models.BooleanField()
    is_corrected = models.BooleanField(default=False)
    statements = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    lemmas = models.TextField(blank=True)
    redacted = models.TextField()
    shown = models.JSONField(default=dict)
    personal = models.JSONField(default=list)
    read_at = models.DateTimeField()
    read_of = models.DateTimeField()
    triaged_at = models.DateTimeField(null=True)
    awaits_embedding = models.BooleanField(default=False)

    objects = CommentReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-answered_at", "-pk"]
        indexes = [
            models.Index("unit", "answered_at", name="reading_by_unit"),
            models.Index("organisation", "local_day", name="reading_by_day"),
            models.Index("organisation", "read_at", name="reading_by_change"),
            models.Index("read_at", condition=Q(triaged_at=None), name="reading_untriaged"),
            models.Index("read_at", condition=Q(awaits_embedding=True), name="reading_unembedded"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(label__in=["negative", "neutral", "positive"]),
                name="reading_label_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.response_id}"

    def feel(self, label: str) -> None:
        """Take a member's word for how the comment feels."""
        if self.label != label:
            self.sentiment = {"negative": -SAID, "neutral": 0.0, "positive": SAID}[label]
        self.label, self.probability = label, 1.0
        self.is_unsure, self.is_corrected = False, True


class ReadThemeQuerySet(VisibleQuerySet["ReadTheme"]):
    owner = "reading__organisation"

    def visible_to(self, member: Member) -> Self:
        return self.filter(reading__in=CommentReading.objects.visible_to(member))

    def labels_of(self, readings: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[int, str]]:
        """For each reading its themes, and how it feels about each."""
        found: dict[uuid.UUID, dict[int, str]] = {}
        rows = self.filter(reading__in=readings).values_list("reading", "theme", "label")
        for reading, theme, label in rows:
            found.setdefault(reading, {})[theme] = label
        return found

    def write(
        self,
        readings: Iterable[CommentReading],
        *,
        themes: Mapping[uuid.UUID, Sequence[FoundTheme]],
    ) -> None:
        """The themes of new readings; what people said wins over what was found."""
        by_key = {reading.response_id: reading for reading in readings}
        said = ThemeExample.objects.filter(response__in=list(by_key), theme__is_active=True)
        taught = {
            (key, theme): is_positive
            for key, theme, is_positive in said.values_list("response", "theme", "is_positive")
        }
        rows = [
            ReadTheme(reading_id=key, **found._asdict())
            for key in by_key
            for found in themes.get(key, ())
            if (key, found.theme_id) not in taught
        ]
        rows += [
            ReadTheme.said_by_person(by_key[key], theme_id=theme)
            for (key, theme), is_positive in taught.items()
            if is_positive
        ]
        self.bulk_create(rows)

    def correct(
        self, response: Response, *, theme: Theme, is_positive: bool, at: dt.datetime
    ) -> None:
        """Make the reading say at once what a member said of it."""
        self.filter(reading=response.pk, theme=theme).delete()
        reading = CommentReading.objects.filter(pk=response.pk).first()
        if reading and is_positive:
            ReadTheme.said_by_person(reading, theme_id=theme.pk).save()
        CommentReading.objects.filter(pk=response.pk).mark_changed(at=at)

    def give_to(self, theme: Theme, *, of: Theme, at: dt.datetime) -> int:
        CommentReading.objects.about(of).mark_changed(at=at)
        had = self.filter(theme=theme).values_list("reading", flat=True)
        moved = self.filter(theme=of).exclude(reading__in=had).update(theme=theme)
        self.filter(theme=of).delete()
        return moved


class ReadTheme(models.Model):
    """A theme in a comment; `sentiment` and `label` are of the statements that speak of it."""

    class Source(models.TextChoices):
        RULE = "rule", _("By its words")
        EXAMPLE = "example", _("Learnt from examples")
        PERSON = "person", _("Said by a member")

    reading = models.ForeignKey(
        CommentReading, models.CASCADE, related_name="read_themes", db_index=False
    )
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="read_themes")
    source = models.CharField(max_length=7, choices=Source)
    probability = models.FloatField(null=True)
    sentiment = models.FloatField()
    label = models.CharField(max_length=8, choices=Feeling)

    objects = ReadThemeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("reading", "theme", name="read_theme_once"),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.source}"

    @classmethod
    def said_by_person(cls, reading: CommentReading, *, theme_id: int) -> ReadTheme:
        return cls(
            reading=reading,
            theme_id=theme_id,
            source=cls.Source.PERSON,
            sentiment=reading.sentiment,
            label=reading.label,
        )


class SentimentCorrectionQuerySet(WalledQuerySet["SentimentCorrection"]):
    wall = "response__unit"

    @transaction.atomic
    def teach(
        self, response: Response, *, label: str, by: Member, at: dt.datetime
    ) -> SentimentCorrection:
        """A member says how a comment feels. The reading says so at once."""
        reading = CommentReading.objects.select_for_update().get(pk=response.pk)
        correction, _created = self.update_or_create(
            response=response,
            defaults={"label": label, "member": by, "at": at},
            create_defaults={"label": label, "before": reading.label, "member": by, "at": at},
        )
        reading.feel(label)
        reading.read_at = at
        reading.save()
        return correction


class SentimentCorrection(models.Model):
    """What a member said a comment feels like; `before` is what it was read as."""

    response = models.OneToOneField(Response, models.CASCADE, related_name="sentiment_correction")
    label = models.CharField(max_length=8, choices=Feeling)
    before = models.CharField(max_length=8, choices=Feeling)
    member = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = SentimentCorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.response_id} {self.label}"

    @transaction.atomic
    def take_back(self) -> None:
        """Undo: the comment is read anew, as if nothing had been said."""
        response = self.response
        self.delete()
        Response.objects.filter(pk=response.pk).read_again()


class SentimentFitQuerySet(VisibleQuerySet["SentimentFit"]):
    def in_use(self, organisation: Organisation | int) -> SentimentFit | None:
        """The fit that the organisation's comments are read with, if it has one."""
        return self.filter(organisation=organisation, is_used=True).order_by("-pk").first()

    def latest_of(self, organisation: Organisation | int) -> SentimentFit | None:
        return self.filter(organisation=organisation).order_by("-pk").first()

    def keep(
        self,
        organisation: Organisation | int,
        *,
        kind: str,
        weights: bytes,
        comments: int,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        is_used: bool,
        at: dt.datetime,
    ) -> SentimentFit:
        """Keep what was learnt, and how the comments were read before it and after it."""
        return self.create(
            organisation_id=organisation if isinstance(organisation, int) else organisation.pk,
            kind=kind,
            weights=weights,
            comments=comments,
            before=dict(before),
            after=dict(after),
            is_used=is_used,
            fitted_at=at,
        )


class SentimentFit(models.Model):
    """What an organisation's own rated comments taught; no other organisation is read with it.

    `before` and `after` are measured on the same comments, none of which the fit had seen.
    """

    class Kind(models.TextChoices):
        CALIBRATED = "calibrated", _("Bounds fitted to your scores")
        RETRAINED = "retrained", _("Learnt from your scores")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="sentiment_fits")
    kind = models.CharField(max_length=10, choices=Kind)
    weights = models.BinaryField()
    comments = models.PositiveIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    is_used = models.BooleanField(default=True)
    fitted_at = models.DateTimeField()

    objects = SentimentFitQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind} {self.comments}"
