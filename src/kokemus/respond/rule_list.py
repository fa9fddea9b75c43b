"""The rules as their page shows them, and what may be chosen for one."""

from __future__ import annotations

from dataclasses import dataclass

from kokemus.respond.rules import describe_condition, describe_consequence
from kokemus.store.models import Member, Theme, Touchpoint, TriageRule, Unit
from kokemus.store.models.journeys import TouchpointQuerySet
from kokemus.store.models.organisation import UnitQuerySet
from kokemus.store.models.themes import ThemeQuerySet
from kokemus.store.visibility import reach


@dataclass(frozen=True)
class RuleRow:
    rule: TriageRule
    condition: str
    consequence: str
    may_change: bool


def list_rules(member: Member) -> list[RuleRow]:
    """The rules of the units in the member's reach, and those above that hold for them too."""
    hours = member.organisation.reply_hours
    rules = TriageRule.objects.holding_for(member).select_related(
        "unit", "touchpoint", "theme__organisation"
    )
    return [
        RuleRow(
            rule=rule,
            condition=describe_condition(rule),
            consequence=describe_consequence(rule, reply_hours=hours),
            may_change=member.has_role("lead", unit=rule.unit),
        )
        for rule in rules.order_by("unit__path", "-is_active", "pk")
    ]


def units_led_by(member: Member) -> UnitQuerySet:
    """The units whose rules the member may lay down."""
    return Unit.objects.filter(reach(member, wall="", at_least="lead"))


def touchpoints_of(member: Member) -> TouchpointQuerySet:
    return Touchpoint.objects.visible_to(member)


def themes_of(member: Member) -> ThemeQuerySet:
    """The themes a rule may name."""
    return Theme.objects.visible_to(member).in_use().select_related("organisation")
