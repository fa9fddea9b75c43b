"""Drawing the journey: stages and the touchpoints in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch

from kokemus.store.models import Journey, Member, Stage, Survey, Touchpoint


@dataclass(frozen=True)
class DrawnStage:
    stage: Stage
    touchpoints: list[Touchpoint]


@dataclass(frozen=True)
class DrawnJourney:
    journey: Journey
    stages: list[DrawnStage]


def draw_journeys(member: Member) -> list[DrawnJourney]:
    """Every journey of the organisation; in each stage the touchpoints within one's reach."""
    surveys = Prefetch("surveys", queryset=Survey.objects.visible_to(member))
    touchpoints = (
        Touchpoint.objects.visible_to(member).select_related("unit").prefetch_related(surveys)
    )
    journeys = Journey.objects.visible_to(member).prefetch_related(
        Prefetch(
            "stages",
            queryset=Stage.objects.annotate(all_touchpoints=Count("touchpoints")).prefetch_related(
                Prefetch("touchpoints", queryset=touchpoints)
            ),
        )
    )
    return [
        DrawnJourney(
            journey,
            [DrawnStage(stage, list(stage.touchpoints.all())) for stage in journey.stages.all()],
        )
        for journey in journeys
    ]
