"""What `share` does in the background.

What computes is imported by the jobs: it brings NumPy, whose threads the supervisor, which
imports this before it forks, must not have.
"""

from __future__ import annotations

import datetime as dt

from kokemus.store.models import Organisation


def refresh_lake(*, now: dt.datetime) -> int:
    """Bring the column files of every organisation up to date; return the answers written."""
    from kokemus.store import lake

    return sum(lake.refresh(each, now=now) for each in Organisation.objects.order_by("pk"))


def tell_rising_themes(*, now: dt.datetime) -> int:
    """Tell the leads of every organisation what rises; return how many messages are new."""
    from kokemus.share.rise_alerts import alert_rises

    return sum(alert_rises(each, now=now) for each in Organisation.objects.order_by("pk"))


def discover_new_themes(*, now: dt.datetime) -> int:
    """Look for themes where somebody asked; return how many groups were found."""
    from kokemus.share.discovery import discover_asked

    return sum(discover_asked(each, now=now) for each in Organisation.objects.order_by("pk"))
