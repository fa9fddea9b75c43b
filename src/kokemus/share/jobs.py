"""What `share` does in the background."""

from __future__ import annotations

import datetime as dt

from kokemus.share.discovery import discover_asked
from kokemus.share.rise_alerts import alert_rises
from kokemus.store import lake
from kokemus.store.models import Organisation


def refresh_lake(*, now: dt.datetime) -> int:
    """Bring the column files of every organisation up to date; return the answers written."""
    return sum(lake.refresh(each, now=now) for each in Organisation.objects.order_by("pk"))


def tell_rising_themes(*, now: dt.datetime) -> int:
    """Tell the leads of every organisation what rises; return how many messages are new."""
    return sum(alert_rises(each, now=now) for each in Organisation.objects.order_by("pk"))


def discover_new_themes(*, now: dt.datetime) -> int:
    """Look for themes where somebody asked; return how many groups were found."""
    return sum(discover_asked(each, now=now) for each in Organisation.objects.order_by("pk"))
