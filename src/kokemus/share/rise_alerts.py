"""What rises is told to those who lead the whole: once for each matter and week, in plain words."""

from __future__ import annotations

import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, override

from kokemus.share.filters import Filters
from kokemus.share.telling import Rise, find_rises
from kokemus.share.theme_counts import select_ever, tally_weeks
from kokemus.share.theme_findings import ToldRise, tell_rise
from kokemus.store.models import Delivery, Member, Organisation, Role, Theme

KEY_LENGTH_MAX = 120


def alert_rises(organisation: Organisation, *, now: dt.datetime) -> int:
    """Put a message in the outbox for each alert and lead at the root; return how many are new.

    A matter is told once in an ISO week: by its theme, or by its first word.
    """
    leads = _find_leads(organisation)
    if not leads:
        return 0
    today = now.astimezone(ZoneInfo(organisation.time_zone)).date()
    rows = select_ever(leads[0], Filters(today=today, period="all"))
    codes = dict(Theme.objects.of(organisation).values_list("pk", "code"))
    rises = find_rises(*tally_weeks(rows, themes=codes, today=today))
    week = today.strftime("%G-W%V")
    return sum(_tell(rise, lead, week=week, now=now) for rise in rises for lead in leads)


def _find_leads(organisation: Organisation) -> list[Member]:
    """Active leads at the root of the tree, or its admins where there are none."""
    at_root = Role.objects.filter(
        unit__organisation=organisation, unit__parent=None, member__is_active=True
    ).select_related("member__organisation")
    by_kind: dict[str, list[Member]] = {}
    for role in at_root.order_by("member"):
        by_kind.setdefault(role.kind, []).append(role.member)
    return by_kind.get("lead") or by_kind.get("admin") or []


def _tell(rise: Rise, lead: Member, *, week: str, now: dt.datetime) -> int:
    key = _key(rise, lead, week=week)
    if Delivery.objects.filter(organisation=lead.organisation, key=key).exists():
        return 0
    zone = ZoneInfo(lead.organisation.time_zone)
    with override(lead.language), timezone.override(zone):
        told = tell_rise(rise, names=_names(lead))
        context = {"told": told, "url": _url(told), "organisation": lead.organisation}
        Delivery.objects.enqueue(
            organisation=lead.organisation,
            key=key,
            recipient=lead.email,
            subject=gettext("Rising in the comments: %(what)s")
            % {"what": _matter(told, _names(lead))},
            text=render_to_string("share/mail/rise.txt", context),
            due_at=now,
            unit=lead.organisation.root,
        )
    return 1


def _names(lead: Member) -> dict[str, str]:
    return {theme.code: theme.name for theme in Theme.objects.visible_to(lead)}


def _matter(told: ToldRise, names: dict[str, str]) -> str:
    return names.get(told.code, told.code) if told.code else ", ".join(told.words[:3])


def _url(told: ToldRise) -> str:
    if told.code:
        path = reverse("theme", args=[told.code])
    else:
        path = f"{reverse('comments')}?{urlencode({'period': '7', 'words': told.words[0]})}"
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def _key(rise: Rise, lead: Member, *, week: str) -> str:
    matter = f"{rise.leader.kind}:{rise.leader.code}"
    if len(matter) > KEY_LENGTH_MAX // 2:
        matter = hashlib.sha256(matter.encode()).hexdigest()
    return f"rise:{week}:{matter}:{lead.pk}"
