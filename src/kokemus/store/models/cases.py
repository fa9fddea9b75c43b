"""Cases: something a human must put right, and its way from unit to unit."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from kokemus.store.models.journeys import Touchpoint
from kokemus.store.models.organisation import Member, Organisation, Unit
from kokemus.store.models.responses import Response
from kokemus.store.models.surveys import Survey
from kokemus.store.models.themes import Theme
from kokemus.store.scales import SCALES
from kokemus.store.visibility import VisibleQuerySet, WalledQuerySet, reach


class TriageRuleQuerySet(WalledQuerySet["TriageRule"]):
    def active(self) -> Self:
        return self.filter(is_active=True).order_by("pk")

    def holding_for(self, member: Member) -> Self:
        """Those of the units one sees, and those of the units above, which hold there too."""
        paths = [path for _, path in member.role_units()]
        above = {int(key) for path in paths for key in path.strip("/").split("/")}
        return self.filter(
            reach(member, wall="unit") | Q(unit__in=above, organisation=member.organisation_id)
        )

    def of(self, organisations: Iterable[int]) -> Self:
        """The active rules of these organisations, with what matching needs to know."""
        return self.active().filter(organisation__in=organisations).select_related("unit")

    def on_readings(self) -> Self:
        """Those that look at what a comment was read as."""
        return self.exclude(theme=None, sentiment="")

    def lay_down_defaults(self, organisation: Organisation) -> list[TriageRule]:
        """The rules an organisation starts with: on each scale, the scores that are failures."""
        root, rules = organisation.root, []
        with override(organisation.language):
            for scale in SCALES.values():
                label = Survey.ScaleCode(scale.code).label
                name = gettext("A low score: %(scale)s") % {"scale": label}
                rule = self.lay_down(root, name=name, scale=scale.code, score_at_most=scale.failure)
                rules.append(rule)
        return rules

    def lay_down(
        self,
        unit: Unit,
        *,
        name: str,
        scale: str = "",
        score_at_most: int | None = None,
        words: list[str] | None = None,
        touchpoint: Touchpoint | None = None,
        reply_hours: int | None = None,
        theme: Theme | None = None,
        sentiment: str = "",
    ) -> TriageRule:
        return self.create(
            organisation=unit.organisation,
            unit=unit,
            name=name,
            scale=scale,
            score_at_most=score_at_most,
            words=words or [],
            touchpoint=touchpoint,
            reply_hours=reply_hours,
            theme=theme,
            sentiment=sentiment,
        )


class TriageRule(models.Model):
    """When an answer becomes a case: a score at or below a bound, words in the comment, or what
    the comment was read as: about a theme, of a sentiment, or both in one statement.

    Holds for the answers of its unit and all units below; of one touchpoint if it names one.
    """

    class Sentiment(models.TextChoices):
        NEGATIVE = "negative", _("Negative")
        POSITIVE = "positive", _("Positive")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="triage_rules")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="triage_rules")
    touchpoint = models.ForeignKey(
        Touchpoint, models.CASCADE, null=True, blank=True, related_name="triage_rules"
    )
    name = models.CharField(_("name"), max_length=120)
    scale = models.CharField(_("scale"), max_length=6, blank=True)
    score_at_most = models.SmallIntegerField(_("score at most"), null=True, blank=True)
    words = models.JSONField(_("words in the comment"), default=list, blank=True)
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="triage_rules"
    )
    sentiment = models.CharField(_("sentiment"), max_length=8, blank=True, choices=Sentiment)
    reply_hours = models.PositiveSmallIntegerField(_("hours to reply"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = TriageRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score_at_most=None) | ~Q(scale=""), name="triage_rule_score_has_scale"
            ),
            models.CheckConstraint(
                condition=Q(sentiment__in=["", "negative", "positive"]),
                name="triage_rule_sentiment_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def change(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))

    def remove(self) -> None:
        self.delete()


class Opening(NamedTuple):
    """A case to be opened: for which answer, in whose hands, why, and until when."""

    response: Response
    unit: Unit
    reason: str
    due_at: dt.datetime


class CaseQuerySet(VisibleQuerySet["Case"]):
    def visible_to(self, member: Member) -> Self:
        """Those in one's units now, and those that one's units have had in their hands."""
        had = Leg.objects.filter(reach(member, wall="unit")).values("case")
        return super().visible_to(member).filter(reach(member, wall="unit") | Q(pk__in=had))

    def within_reach_of(self, member: Member) -> Self:
        """Those that one's units have in their hands now."""
        return super().visible_to(member).filter(reach(member, wall="unit"))

    def workable_by(self, member: Member) -> Self:
        """Those the member may act on: an agent's role or higher in the unit that has it now."""
        return super().visible_to(member).filter(reach(member, wall="unit", at_least="agent"))

    def unresolved(self) -> Self:
        return self.filter(resolved_at=None)

    def overdue(self, *, now: dt.datetime) -> Self:
        return self.unresolved().filter(due_at__lt=now)

    def with_story(self) -> Self:
        """With what a list of cases shows, in one query."""
        return self.select_related("response__reading", "touchpoint", "unit", "taken_by")

    def by_due_time(self) -> Self:
        return self.order_by("due_at", "pk")

    def of_responses(self, responses: Iterable[Response]) -> dict[uuid.UUID, Case]:
        """The cases that these answers have opened already, by the answer's key."""
        found = self.filter(response__in=list(responses))
        found = found.select_related("organisation", "unit", "touchpoint")
        found = found.prefetch_related("events")
        return {case.response_id: case for case in found}

    def responses_among(self, keys: Sequence[uuid.UUID]) -> set[uuid.UUID]:
        """Those of the answers that have a case."""
        return set(self.filter(response__in=keys).values_list("response", flat=True))

    @transaction.atomic
    def open_for(
        self, response: Response, *, unit: Unit, reason: str, due_at: dt.datetime, at: dt.datetime
    ) -> tuple[Case, bool]:
        """The case of a response, opened now if there is none; and whether it was opened now."""
        if case := self.filter(response=response).first():
            return case, False
        return self.open_all([Opening(response, unit, reason, due_at)], at=at)[0], True

    @transaction.atomic
    def open_all(self, openings: Sequence[Opening], *, at: dt.datetime) -> list[Case]:
        """Open a case for each of these answers, none of which has one."""
        last = self._lock_numbers({one.response.organisation_id for one in openings})
        cases = []
        for response, unit, reason, due_at in openings:
            last[response.organisation_id] += 1
            case = Case(
                organisation=response.organisation,
                number=last[response.organisation_id],
                response=response,
                touchpoint=response.touchpoint,
                unit=unit,
                reason=reason[:200],
                opened_at=at,
                due_at=due_at,
                changed_at=at,
            )
            cases.append(case)
        self.bulk_create(cases)
        Leg.objects.bulk_create(
            Leg(case=case, unit=case.unit, started_at=at, due_at=case.due_at) for case in cases
        )
        CaseEvent.objects.bulk_create(_tell_opening(case, at=at) for case in cases)
        return cases

    def _lock_numbers(self, organisations: Iterable[int]) -> dict[int, int]:
        """The last number given in each organisation; nobody else gives one meanwhile.

        Numbers run without gaps, so who gives the next one waits for who gave the last.
        """
        rows = Organisation.objects.select_for_update(no_key=True)  # answers may refer to it
        locked = list(rows.filter(pk__in=list(organisations)).order_by("pk"))
        given = self.filter(organisation__in=locked).order_by().values("organisation")
        last = dict(given.annotate(last=Max("number")).values_list("organisation", "last"))
        return {organisation.pk: last.get(organisation.pk, 0) for organisation in locked}


class Case(models.Model):
    """`due_at` is the present leg's; the whole clock runs from `opened_at` to `resolved_at`."""

    class Cause(models.TextChoices):
        WAITING = "waiting", _("Waiting or delay")
        STAFF = "staff", _("How we met the customer")
        COMPETENCE = "competence", _("Quality of the work")
        BILLING = "billing", _("Price or billing")
        PRODUCT = "product", _("Product or delivery")
        DIGITAL = "digital", _("Digital service")
        INFORMATION = "information", _("Information")
        PROMISE = "promise", _("A promise not kept")
        HANDOFF = "handoff", _("Fell between units")
        MISTAKE = "mistake", _("Nothing was wrong")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="cases")
    number = models.PositiveIntegerField()
    response = models.OneToOneField(Response, models.PROTECT, related_name="case")
    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cases")
    taken_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="cases")
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=12, choices=Cause, blank=True)
    changed_at = models.DateTimeField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("unit", "due_at", condition=Q(resolved_at=None), name="case_unresolved"),
            models.Index("organisation", "changed_at", name="case_by_change"),
        ]
        constraints = [
            models.UniqueConstraint("organisation", "number", name="case_number_unique"),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | ~Q(cause=""), name="case_resolved_has_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def leg(self) -> Leg:
        """The leg that runs now, or the last one."""
        return self.legs.latest("pk")

    @property
    def last_answer(self) -> dict[str, Any]:
        """Score and comment as the history last saw them."""
        seen = [event for event in self.events.all() if event.kind in {"opened", "answer"}]
        return seen[-1].data if seen else {}

    def is_overdue(self, now: dt.datetime) -> bool:
        return self.resolved_at is None and self.due_at < now

    @transaction.atomic
    def take(
        self, member: Member, *, at: dt.datetime, instead_of: Member | int | None = None
    ) -> None:
        """A member takes the case in hand: from the queue, or from the colleague named.

        Raises `CaseAlreadyTaken` where somebody else has it by now.
        """
        self._lock_unresolved()
        expected = instead_of.pk if isinstance(instead_of, Member) else instead_of
        if self.taken_by_id not in {None, member.pk, expected}:
            raise CaseAlreadyTaken(f"{self.taken_by} has case #{self.number} in hand.")
        if self.taken_by_id == member.pk:
            return
        leg = self.leg
        if leg.taken_at is None:
            leg.taken_at = at
            leg.save(update_fields=["taken_at"])
        self._set(at=at, taken_by=member)
        self._note("taken", at=at, member=member)

    @transaction.atomic
    def put_back(self, member: Member, *, at: dt.datetime) -> None:
        """Undo taking: the case is in its unit's queue again."""
        self._lock_unresolved()
        self._set(at=at, taken_by=None)
        self._note("put_back", at=at, member=member)

    @transaction.atomic
    def write_note(self, member: Member, *, text: str, at: dt.datetime) -> CaseEvent:
        self._set(at=at)
        return self._note("note", at=at, member=member, text=text)

    @transaction.atomic
    def note_reply(
        self, member: Member, *, text: str, at: dt.datetime, to: str, delivery: str
    ) -> CaseEvent:
        """Keep what was written to the customer, and the key of its delivery."""
        self._set(at=at)
        data = {"to": to, "delivery": delivery}
        return self._note("reply", at=at, member=member, text=text, data=data)

    @transaction.atomic
    def note_answer_changed(
        self, *, at: dt.datetime, text: str, score: int | None = None
    ) -> CaseEvent:
        """The customer added to the answer after the case was opened."""
        self._set(at=at)
        answer = {"score": score, "comment": text}
        return self._note("answer", at=at, text=text, data=answer)

    @transaction.atomic
    def hand_off(
        self, member: Member, *, unit: Unit, text: str, due_at: dt.datetime, at: dt.datetime
    ) -> Leg:
        """Give the case to another unit: this leg ends, a new one starts with its own clock."""
        self._lock_unresolved()
        if unit.organisation_id != self.organisation_id or unit.pk == self.unit_id:
            raise ImpossibleHandOff(f"Case #{self.number} cannot be handed to {unit.name}.")
        left = self.unit
        Leg.objects.filter(case=self, ended_at=None).update(ended_at=at)
        leg = Leg.objects.create(case=self, unit=unit, started_at=at, due_at=due_at)
        self._set(at=at, unit=unit, taken_by=None, due_at=due_at)
        names = {"from": left.name, "to": unit.name}
        self._note("handed_off", at=at, member=member, text=text, data=names)
        return leg

    @transaction.atomic
    def resolve(self, member: Member, *, cause: str, text: str, at: dt.datetime) -> None:
        self._lock_unresolved()
        Leg.objects.filter(case=self, ended_at=None).update(ended_at=at)
        self._set(at=at, resolved_at=at, cause=cause)
        self._note("resolved", at=at, member=member, text=text, data={"cause": cause})

    @transaction.atomic
    def reopen(self, member: Member, *, due_at: dt.datetime, at: dt.datetime) -> None:
        """Undo resolving: a new leg in the same unit."""
        case = Case.objects.select_for_update().get(pk=self.pk)
        if case.resolved_at is None:
            raise CaseNotResolved(f"Case #{self.number} is not resolved.")
        Leg.objects.create(case=self, unit=self.unit, started_at=at, due_at=due_at)
        self._set(at=at, resolved_at=None, cause="", due_at=due_at)
        self._note("reopened", at=at, member=member)

    def _lock_unresolved(self) -> None:
        case = Case.objects.select_for_update().get(pk=self.pk)
        if case.resolved_at is not None:
            raise CaseAlreadyResolved(f"Case #{self.number} is already resolved.")
        self.unit, self.taken_by = case.unit, case.taken_by

    def _set(self, *, at: dt.datetime, **values: Any) -> None:
        values["changed_at"] = at
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))

    def _note(
        self,
        kind: str,
        *,
        at: dt.datetime,
        member: Member | None = None,
        text: str = "",
        data: dict[str, Any] | None = None,
    ) -> CaseEvent:
        return CaseEvent.objects.create(
            case=self, kind=kind, at=at, member=member, text=text, data=data or {}
        )


class CaseAlreadyResolved(ValueError):
    """Nothing more can be done to a resolved case; reopen it first."""


class CaseAlreadyTaken(ValueError):
    """Somebody else has the case in hand."""


class CaseNotResolved(ValueError):
    """Only a resolved case can be reopened."""


class ImpossibleHandOff(ValueError):
    """A case goes to another unit of the same organisation."""


class LegQuerySet(WalledQuerySet["Leg"]):
    pass


class Leg(models.Model):
    """A stretch of a case in one unit's hands. Waiting: until `taken_at`; working: after it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="legs")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="legs")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = LegQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("case", condition=Q(ended_at=None), name="leg_one_running")
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.unit}"


class CaseEventQuerySet(VisibleQuerySet["CaseEvent"]):
    def visible_to(self, member: Member) -> Self:
        return self.filter(case__in=Case.objects.visible_to(member))


class CaseEvent(models.Model):
    """One line of a case's history."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        ANSWER = "answer", _("The customer added to the answer")
        TAKEN = "taken", _("Taken")
        PUT_BACK = "put_back", _("Put back in the queue")
        NOTE = "note", _("Note")
        REPLY = "reply", _("Replied to the customer")
        HANDED_OFF = "handed_off", _("Handed on")
        RESOLVED = "resolved", _("Resolved")
        REOPENED = "reopened", _("Reopened")

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    member = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.kind}"


def _tell_opening(case: Case, *, at: dt.datetime) -> CaseEvent:
    answer = {"score": case.response.score, "comment": case.response.comment}
    return CaseEvent(case=case, kind=CaseEvent.Kind.OPENED, at=at, text=case.reason, data=answer)
