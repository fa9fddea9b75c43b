"""The journey: stages, and the kinds of moments (touchpoints) in them."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from kokemus.store.models.access import Revision
from kokemus.store.models.organisation import Member, Organisation, Unit
from kokemus.store.visibility import VisibleQuerySet, WalledQuerySet, reach


class JourneyQuerySet(VisibleQuerySet["Journey"]):
    """The map of the journey is the whole organisation's; what is measured on it has walls."""

    @transaction.atomic
    def draw(self, organisation: Organisation, *, name: str, stages: list[str]) -> Journey:
        """Create a journey with its stages in order."""
        journey = self.create(organisation=organisation, name=name)
        for stage in stages:
            journey.add_stage(stage)
        return journey


class Journey(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="journeys")
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    objects = JourneyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def add_stage(self, name: str) -> Stage:
        last = self.stages.aggregate(last=Max("position"))["last"] or 0
        return Stage.objects.create(journey=self, name=name, position=last + 1)

    def rename(self, name: str) -> None:
        self.name = name
        self.save(update_fields=["name"])


class StageQuerySet(VisibleQuerySet["Stage"]):
    owner = "journey__organisation"


class Stage(models.Model):
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="stages")
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField()

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class TouchpointQuerySet(WalledQuerySet["Touchpoint"]):
    def met_by(self, member: Member) -> TouchpointQuerySet:
        """Those one sees, and those of the units above, at which one's units meet customers."""
        above = {
            "/".join(steps[:length]) + "/"
            for steps in (path.rstrip("/").split("/") for path in member.paths_with("viewer"))
            for length in range(1, len(steps))
        }
        higher = Q(unit__organisation=member.organisation_id, unit__path__in=above)
        return self.filter(reach(member, wall="unit") | higher)

    def place(self, stage: Stage, *, unit: Unit, name: str, mode: str, code: str) -> Touchpoint:
        """Add a touchpoint at the end of a stage."""
        last = stage.touchpoints.aggregate(last=Max("position"))["last"] or 0
        return self.create(
            organisation=unit.organisation,
            stage=stage,
            unit=unit,
            name=name,
            mode=mode,
            code=code,
            position=last + 1,
        )


class Touchpoint(models.Model):
    class Mode(models.TextChoices):
        HUMAN = "human", _("Human")
        DIGITAL = "digital", _("Digital")
        PHYSICAL = "physical", _("Physical")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="touchpoints")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="touchpoints")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="touchpoints")
    name = models.CharField(_("name"), max_length=120)
    code = models.SlugField(_("code"), max_length=60)
    mode = models.CharField(_("mode"), max_length=8, choices=Mode)
    position = models.PositiveSmallIntegerField()

    objects = TouchpointQuerySet.as_manager()

    class Meta:
        ordering = ["stage__journey__position", "stage__position", "position", "pk"]
        constraints = [
            models.UniqueConstraint("organisation", "code", name="touchpoint_code_unique"),
            models.CheckConstraint(
                condition=Q(mode__in=["human", "digital", "physical"]), name="touchpoint_mode_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def change(self, *, name: str, mode: str, unit: Unit) -> None:
        """Change what holds from now on; what was measured keeps its snapshot."""
        self.name, self.mode, self.unit = name, mode, unit
        self.save(update_fields=["name", "mode", "unit"])
        Revision.objects.bump()
