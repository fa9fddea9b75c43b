"""What `share` does in the background."""

from __future__ import annotations

import datetime as dt

from kokemus.store.models import Organisation


def refresh_lake(*, now: dt.datetime) -> int:
    """Bring the column files of every organisation up to date; return the answers written."""
    from kokemus.store import lake  # takes its time, in which the other jobs can begin

    return sum(lake.refresh(each, now=now) for each in Organisation.objects.order_by("pk"))
