"""What comments are about: an organisation's themes, their history, and what people taught."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kokemus.store.models.organisation import Member, Organisation
from kokemus.store.models.responses import Response
from kokemus.store.visibility import VisibleQuerySet, WalledQuerySet

STARTING_THEMES = {
    "waiting": _("Waiting"),
    "staff": _("Staff"),
    "competence": _("Competence"),
    "price": _("Price and billing"),
    "delivery": _("Delivery"),
    "product": _("Product"),
    "digital": _("Digital service"),
    "information": _("Information"),
    "accessibility": _("Accessibility"),
    "promises": _("Keeping promises"),
    "handoffs": _("Hand-offs"),
    "recovery": _("Putting it right"),
}


class ThemeQuerySet(VisibleQuerySet["Theme"]):
    def in_use(self) -> Self:
        """Those that comments are read by now."""
        return self.filter(merged_into=None, is_active=True)

    def of(self, organisation: Organisation | int) -> Self:
        return self.filter(organisation=organisation)

    def lay_down_starting(self, organisation: Organisation) -> list[Theme]:
        """The themes an organisation starts with; those it has already stay as they are."""
        themes = [
            Theme(organisation=organisation, code=code, is_starting=True)
            for code in STARTING_THEMES
        ]
        self.bulk_create(themes, ignore_conflicts=True)
        return list(self.of(organisation).filter(is_starting=True))

    @transaction.atomic
    def begin(
        self,
        organisation: Organisation,
        *,
        code: str,
        names: Mapping[str, str],
        by: Member | None,
        at: dt.datetime,
        words: Sequence[str] = (),
        made_from: Mapping[str, Any] | None = None,
    ) -> Theme:
        """A theme of the organisation's own; `made_from` says what it was found or split from."""
        theme: Theme = self.create(
            organisation=organisation,
            code=code,
            names=dict(names),
            words=list(words),
            changed_at=at,
        )
        theme._note("begun", by=by, at=at, data={"names": dict(names), **(made_from or {})})
        return theme


class Theme(models.Model):
    """`names` by language; a starting theme that has none is called by its translation.

    A merged theme stays as a row that points to the one it went into. `words` are the lemmas it
    is found by, beside the package's own rules for the code. `weights` are what was learnt from
    examples, and `quality` how well that does: precision and recall with their intervals.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="themes")
    code = models.SlugField(max_length=40)
    names = models.JSONField(default=dict)
    words = models.JSONField(default=list)
    is_starting = models.BooleanField(default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    weights = models.BinaryField(null=True)
    quality = models.JSONField(default=dict)
    learnt_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["-is_starting", "pk"]
        constraints = [
            models.UniqueConstraint("organisation", "code", name="theme_code_unique"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(is_active=False), name="theme_merged_is_not_used"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language, or in whichever there is."""
        return self.name_in(get_language() or self.organisation.language)

    def name_in(self, language: str) -> str:
        names: dict[str, str] = self.names
        if language[:2] in names:
            return names[language[:2]]
        if self.is_starting and not names:
            return str(STARTING_THEMES[self.code])
        return next(iter(names.values()), self.code)

    @transaction.atomic
    def rename(self, names: Mapping[str, str], *, by: Member | None, at: dt.datetime) -> ThemeEvent:
        data = {"before": self.names, "names": dict(names)}
        self._set(at=at, names=dict(names))
        return self._note("renamed", by=by, at=at, data=data)

    @transaction.atomic
    def reword(self, words: Sequence[str], *, by: Member | None, at: dt.datetime) -> ThemeEvent:
        """Change the lemmas it is found by."""
        data = {"before": self.words, "words": list(words)}
        self._set(at=at, words=list(words))
        return self._note("reworded", by=by, at=at, data=data)

    @transaction.atomic
    def merge_into(self, other: Theme, *, by: Member | None, at: dt.datetime) -> ThemeEvent:
        """Let the other theme have its comments and its examples from now on; rules follow."""
        from kokemus.store.models.cases import TriageRule  # it stands above this module
        from kokemus.store.models.comments import ReadTheme

        if other.pk == self.pk or other.organisation_id != self.organisation_id:
            raise ImpossibleMerge(f"{self.code} cannot be merged into {other.code}.")
        if other.merged_into_id is not None or not other.is_active:
            raise ImpossibleMerge(f"{other.code} is not in use.")
        moved = ReadTheme.objects.give_to(other, of=self)
        ThemeExample.objects.give_to(other, of=self)
        TriageRule.objects.filter(theme=self).update(theme=other)
        Theme.objects.filter(merged_into=self).update(merged_into=other)
        self._set(at=at, merged_into=other, is_active=False)
        other._set(at=at, words=sorted({*other.words, *self.words}))
        other._note("merged", by=by, at=at, data={"from": self.code, "comments": moved})
        return self._note("merged_into", by=by, at=at, data={"into": other.code})

    @transaction.atomic
    def retire(self, *, by: Member | None, at: dt.datetime) -> ThemeEvent:
        """Comments are no longer read by it; what was read stays."""
        self._set(at=at, is_active=False)
        return self._note("retired", by=by, at=at)

    @transaction.atomic
    def restore(self, *, by: Member | None, at: dt.datetime) -> ThemeEvent:
        self._set(at=at, is_active=True, merged_into=None)
        return self._note("restored", by=by, at=at)

    @transaction.atomic
    def note_split(
        self, into: Sequence[Theme], *, by: Member | None, at: dt.datetime
    ) -> ThemeEvent:
        """Write down that others were made of it; they were begun, and it may be retired."""
        return self._note("split", by=by, at=at, data={"into": [one.code for one in into]})

    @transaction.atomic
    def keep_learnt(
        self, weights: bytes | None, *, quality: Mapping[str, Any], at: dt.datetime
    ) -> None:
        """What was learnt from its examples, and how well it does."""
        self._set(at=at, weights=weights, quality=dict(quality), learnt_at=at)
        self._note("learnt", by=None, at=at, data=dict(quality))

    def _set(self, *, at: dt.datetime, **values: Any) -> None:
        values["changed_at"] = at
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))

    def _note(
        self,
        kind: str,
        *,
        by: Member | None,
        at: dt.datetime,
        data: Mapping[str, Any] | None = None,
    ) -> ThemeEvent:
        return ThemeEvent.objects.create(
            theme=self, kind=kind, member=by, at=at, data=dict(data or {})
        )


class ImpossibleMerge(ValueError):
    """A theme is merged into another one in use, of the same organisation."""


class ThemeEventQuerySet(VisibleQuerySet["ThemeEvent"]):
    owner = "theme__organisation"


class ThemeEvent(models.Model):
    """One line of a theme's history. The database refuses to change one."""

    class Kind(models.TextChoices):
        BEGUN = "begun", _("Begun")
        RENAMED = "renamed", _("Renamed")
        REWORDED = "reworded", _("Its words were changed")
        MERGED = "merged", _("Another theme was merged into it")
        MERGED_INTO = "merged_into", _("Merged into another theme")
        SPLIT = "split", _("Split")
        RETIRED = "retired", _("Taken out of use")
        RESTORED = "restored", _("Taken into use again")
        LEARNT = "learnt", _("Learnt from examples")

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    member = models.ForeignKey(
        Member, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    objects = ThemeEventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.kind}"


class ThemeExampleQuerySet(WalledQuerySet["ThemeExample"]):
    wall = "response__unit"

    @transaction.atomic
    def teach(
        self,
        theme: Theme,
        *,
        response: Response,
        is_positive: bool,
        by: Member,
        at: dt.datetime,
    ) -> ThemeExample:
        """A member says that a comment is about the theme, or that it is not."""
        from kokemus.store.models.comments import ReadTheme

        example, _created = self.update_or_create(
            theme=theme,
            response=response,
            defaults={"is_positive": is_positive, "member": by, "at": at},
        )
        ReadTheme.objects.correct(response, theme=theme, is_positive=is_positive)
        return example

    def unlearnt(self) -> Self:
        """Those that came after their theme was learnt last."""
        later = Q(theme__learnt_at=None) | Q(at__gt=models.F("theme__learnt_at"))
        return self.filter(later, theme__is_active=True)

    def give_to(self, theme: Theme, *, of: Theme) -> None:
        had = self.filter(theme=theme).values_list("response", flat=True)
        self.filter(theme=of).exclude(response__in=had).update(theme=theme)
        self.filter(theme=of).delete()


class ThemeExample(models.Model):
    """What a member taught about one comment: it is about the theme, or it is not."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="examples")
    response = models.ForeignKey(Response, models.CASCADE, related_name="theme_examples")
    is_positive = models.BooleanField()
    member = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ThemeExampleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("theme", "response", name="theme_example_one_per_comment")
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.response_id} {self.is_positive}"

    @transaction.atomic
    def take_back(self) -> None:
        """Undo: the comment is read anew, as if nothing had been said."""
        response = self.response
        self.delete()
        Response.objects.filter(pk=response.pk).read_again()
