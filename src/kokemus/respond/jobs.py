"""What the worker does for respond. Each may be run again at any time."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from kokemus.channels.email import Postman
from kokemus.respond.outbox import send_due_deliveries
from kokemus.respond.triage import triage_responses


def triage_new_responses(now: dt.datetime) -> int:
    return triage_responses(now=now)


def send_deliveries(now: dt.datetime) -> int:
    """Send what is due; without a mail server configured, it waits."""
    if not settings.IS_MAIL_CONFIGURED:
        return 0
    postman = Postman()
    try:
        return send_due_deliveries(now=now, send=postman.send)
    finally:
        postman.close()
