"""What comments are about: an organisation's themes, their history, and what people taught."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kokemus.store.models.organisation import Member, Organisation
from kokemus.store.models.responses import Response
from kokemus.store.visibility import VisibleQuerySet, WalledQuerySet

STARTING_THEMES = {
    "waiting": pgettext_lazy("theme", "Waiting"),
    "staff": _("Staff"),
    "competence": _("Competence"),
    "price": _("Price and billing"),
    "delivery": _("Delivery"),
    "product": _("Product"),
    "digital": _("Digital service"),
    "information": pgettext_lazy("theme", "Information"),
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
        rules: Mapping[str, Sequence[str]] | None = None,
        made_from: Mapping[str, Any] | None = None,
    ) -> Theme:
        """A theme of the organisation's own; `made_from` says what it was found or split from."""
        theme: Theme = self.create(
            organisation=organisation,
            code=code,
            names=dict(names),
            rules=_as_lists(rules or {}),
            changed_at=at,
        )
        theme._note("begun", by=by, at=at, data={"names": dict(names), **(made_from or {})})
        return theme

    def untaught(self) -> Self:
        """Those that people have said something of since they were learnt last."""
        later = Q(learnt_at=None) | Q(taught_at__gt=models.F("learnt_at"))
        return self.filter(later, taught_at__isnull=False)

    def unapplied(self) -> Self:
        """Those that are found otherwise than when comments were last marked to be read by them."""
        later = Q(applied_at=None) | Q(changed_at__gt=models.F("applied_at"))
        return self.filter(later, changed_at__isnull=False)

    def learnt_by_meaning(self) -> Self:
        """Of those in use, the ones whose examples were learnt from with their embeddings."""
        return self.in_use().filter(quality__by_meaning=True)

    def mark_applied(self, *, at: dt.datetime) -> int:
        return self.update(applied_at=at)


class Theme(models.Model):
    """`names` by language; a starting theme that has none is called by its translation.

    A merged or split theme stays as a row, and what finds it finds its heirs. `rules` are
    patterns by language, "" for all, as `kokemus.comments.themes` reads them; a starting theme
    has the package's own where the row has none. `weights` are what was learnt from examples,
    and `quality` how well that does: precision and recall with their intervals.

    `changed_at`: when what it is found by last changed; `applied_at`: up to which change the
    comments have been marked to be read anew; `taught_at`: when a member last said something.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="themes")
    code = models.SlugField(max_length=40)
    names = models.JSONField(default=dict)
    rules = models.JSONField(default=dict)
    is_starting = models.BooleanField(default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    split_into = models.JSONField(default=list)
    weights = models.BinaryField(null=True)
    quality = models.JSONField(default=dict)
    learnt_at = models.DateTimeField(null=True)
    taught_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

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
            with override(language):
                return str(STARTING_THEMES[self.code])
        return next(iter(names.values()), self.code)

    @transaction.atomic
    def rename(self, names: Mapping[str, str], *, by: Member | None, at: dt.datetime) -> ThemeEvent:
        data = {"before": self.names, "names": dict(names)}
        self._set(names=dict(names))
        return self._note("renamed", by=by, at=at, data=data)

    @transaction.atomic
    def rule(
        self, rules: Mapping[str, Sequence[str]], *, by: Member | None, at: dt.datetime
    ) -> ThemeEvent:
        """Change the patterns it is found by."""
        data = {"before": self.rules, "rules": _as_lists(rules)}
        self._set(changed_at=at, rules=_as_lists(rules))
        return self._note("ruled", by=by, at=at, data=data)

    @transaction.atomic
    def merge_into(self, other: Theme, *, by: Member | None, at: dt.datetime) -> ThemeEvent:
        """Let the other theme have its comments and its examples from now on; rules follow.

        What was given is noted, so that `restore` can give it back.
        """
        from kokemus.store.models.cases import TriageRule  # it stands above this module
        from kokemus.store.models.comments import ReadTheme

        if other.pk == self.pk or other.organisation_id != self.organisation_id:
            raise ImpossibleMerge(f"{self.code} cannot be merged into {other.code}.")
        if other.merged_into_id is not None or not other.is_active:
            raise ImpossibleMerge(f"{other.code} is not in use.")
        moved = ReadTheme.objects.give_to(other, of=self, at=at)
        rules = TriageRule.objects.filter(theme=self)
        before = Theme.objects.filter(merged_into=self)
        given = {
            "examples": ThemeExample.objects.give_to(other, of=self),
            "rules": list(rules.values_list("pk", flat=True)),
            "themes": list(before.values_list("pk", flat=True)),
        }
        rules.update(theme=other)
        before.update(merged_into=other)
        self._set(changed_at=at, merged_into=other, is_active=False)
        other._set(taught_at=at if other.examples.exists() else other.taught_at)
        other._note("merged", by=by, at=at, data={"from": self.code, "comments": moved})
        return self._note("merged_into", by=by, at=at, data={"into": other.code, "given": given})

    @transaction.atomic
    def split(
        self,
        into: Sequence[Theme],
        *,
        by: Member | None,
        at: dt.datetime,
        rest: Theme | None = None,
    ) -> ThemeEvent:
        """Give its comments to themes begun before; `rest` takes those that fit none of them."""
        codes = [one.code for one in into]
        first = rest.code if rest else ""
        heirs = [first, *(code for code in codes if code != first)]
        self._set(changed_at=at, split_into=heirs, is_active=False)
        return self._note("split", by=by, at=at, data={"into": codes, "rest": first})

    @transaction.atomic
    def retire(self, *, by: Member | None, at: dt.datetime) -> ThemeEvent:
        """Comments are no longer read by it; what was read stays."""
        self._set(changed_at=at, is_active=False)
        return self._note("retired", by=by, at=at)

    @transaction.atomic
    def restore(self, *, by: Member | None, at: dt.datetime) -> ThemeEvent:
        """Undo retiring, merging or splitting; comments are read anew."""
        heir = self.merged_into
        self._set(changed_at=at, is_active=True, merged_into=None, split_into=[])
        if heir is not None:
            self._take_back_from(heir, at=at)
        return self._note("restored", by=by, at=at)

    def _take_back_from(self, heir: Theme, *, at: dt.datetime) -> None:
        """What it gave when it was merged and nobody has changed since: examples, rules, themes."""
        from kokemus.store.models.cases import TriageRule  # it stands above this module

        merged = self.events.filter(kind=ThemeEvent.Kind.MERGED_INTO).last()
        if merged is None or "given" not in merged.data:
            return  # it was merged before such things were noted
        given = merged.data["given"]
        ThemeExample.objects.give_back(given["examples"], to=self, since=merged.at)
        TriageRule.objects.filter(pk__in=given["rules"], theme=heir).update(theme=self)
        Theme.objects.filter(pk__in=given["themes"], merged_into=heir).update(merged_into=self)
        for theme in (self, heir):
            theme.mark_taught(at=at)

    @transaction.atomic
    def keep_learnt(
        self, weights: bytes | None, *, quality: Mapping[str, Any], at: dt.datetime
    ) -> None:
        """What was learnt from its examples, and how well it does."""
        self._set(changed_at=at, weights=weights, quality=dict(quality), learnt_at=at)
        self._note("learnt", by=None, at=at, data=dict(quality))

    def mark_taught(self, *, at: dt.datetime) -> None:
        """A member said something of a comment and this theme; it is to be learnt."""
        self._set(taught_at=at)

    def learn_nothing(self, *, at: dt.datetime) -> None:
        """What people said is too little to learn from yet."""
        values: dict[str, Any] = {"learnt_at": at}
        if self.weights is not None:
            values |= {"weights": None, "quality": {}, "changed_at": at}
        self._set(**values)

    def forget_learnt(self, *, at: dt.datetime) -> None:
        """Drop what was learnt, words of examples and all, and learn anew from what is left."""
        self._set(weights=None, quality={}, taught_at=at, changed_at=at)

    def _set(self, **values: Any) -> None:
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


def _as_lists(rules: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {language: list(lines) for language, lines in rules.items()}


class ImpossibleMerge(ValueError):
    """A theme is merged into another one in use, of the same organisation."""


class ThemeEventQuerySet(VisibleQuerySet["ThemeEvent"]):
    owner = "theme__organisation"


class ThemeEvent(models.Model):
    """One line of a theme's history. The database refuses to change one."""

    class Kind(models.TextChoices):
        BEGUN = "begun", _("Begun")
        RENAMED = "renamed", _("Renamed")
        RULED = "ruled", _("Its words were changed")
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
        ReadTheme.objects.correct(response, theme=theme, is_positive=is_positive, at=at)
        theme.mark_taught(at=at)
        return example

    def give_to(self, theme: Theme, *, of: Theme) -> list[int]:
        """Move the examples of a theme to another; return their keys.

        Of a comment that the other has an example of too, each keeps its own.
        """
        had = self.filter(theme=theme).values_list("response", flat=True)
        moved = list(self.filter(theme=of).exclude(response__in=had).values_list("pk", flat=True))
        self.filter(pk__in=moved).update(theme=theme)
        return moved

    def give_back(self, keys: Sequence[int], *, to: Theme, since: dt.datetime) -> int:
        """Move examples back; what a member has said anew since they were given stays."""
        had = self.filter(theme=to).values_list("response", flat=True)
        own = self.filter(theme__organisation=to.organisation_id, pk__in=keys, at__lte=since)
        return own.exclude(response__in=list(had)).update(theme=to)


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
    def take_back(self, *, at: dt.datetime) -> None:
        """Undo: the comment is read anew, as if nothing had been said."""
        response = self.response
        self.theme.mark_taught(at=at)
        self.delete()
        Response.objects.filter(pk=response.pk).read_again()
