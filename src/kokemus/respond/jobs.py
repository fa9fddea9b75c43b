"""What the worker does for respond. Each may be run again at any time."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from kokemus.channels.email import Postman
from kokemus.respond.outbox import send_due_deliveries
from kokemus.respond.reading_triage import triage_readings
from kokemus.respond.triage import triage_responses


def warm_up() -> None:
    """Read words and templates now, so that the first failure does not wait for them."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Today")
    for name in ("respond/mail/alert.txt", "respond/mail/alert.html"):
        get_template(name)


def triage_new_responses(now: dt.datetime) -> int:
    """Scores and words first; then, in the same thread, what comments were read as."""
    return triage_responses(now=now) + triage_readings(now=now)


def send_deliveries(now: dt.datetime) -> int:
    """Send what is due; without a mail server configured, it waits."""
    if not settings.IS_MAIL_CONFIGURED:
        return 0
    postman = Postman()
    try:
        return send_due_deliveries(now=now, send=postman.send)
    finally:
        postman.close()
