"""The outbox: what is due leaves after commit, at least once, and nobody waits for a slow one."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from django.conf import settings

from kokemus.channels.email import Mail, MailFailed, MailRefused
from kokemus.store.models import Delivery

LOG = logging.getLogger(__name__)
LANES = 4
GROUP = 20
PATIENCE_SECONDS = 120  # well under the lease, after which another worker may try
Result = tuple[Delivery, MailFailed | None]


def send_due_deliveries(
    *, now: dt.datetime, send: Callable[[Mail], None], patience: float = PATIENCE_SECONDS
) -> int:
    """Send what is due through `send`; return how many attempts were made.

    A message is claimed for the length of a lease before it is sent and marked after. A worker
    that dies in between leaves it to be sent again, with the same Message-ID. Several lanes
    send side by side, so that one slow recipient does not hold up the rest, nor the mark that
    they were sent.
    """
    if not Delivery.objects.due(now=now).exists():
        return 0
    claimed = Delivery.objects.claim_due(now=now, limit=GROUP)
    for delivery, failure in _send_all(claimed, send=send, patience=patience):
        _mark(delivery, failure=failure, now=now)
    return len(claimed)


def as_mail(delivery: Delivery) -> Mail:
    """The message as the channel sends it, with an identity that outlives any retry."""
    identity = f"{delivery.organisation_id}:{delivery.key}"
    digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
    host = urlsplit(settings.PUBLIC_URL).hostname
    return Mail(
        message_id=f"<{digest}@{host}>",
        recipient=delivery.recipient,
        subject=delivery.subject,
        text=delivery.text,
        html=delivery.html,
        reply_to=delivery.reply_to,
    )


def _send_all(
    deliveries: Sequence[Delivery], *, send: Callable[[Mail], None], patience: float
) -> Iterator[Result]:
    """Send in lanes and tell of each as it ends.

    What has not ended within `patience` seconds has failed for now.
    """
    todo: queue.SimpleQueue[Delivery] = queue.SimpleQueue()
    done: queue.SimpleQueue[Result] = queue.SimpleQueue()
    for delivery in deliveries:
        todo.put(delivery)
    for _ in range(min(LANES, len(deliveries))):
        threading.Thread(
            target=_run_lane, args=(todo, done, send), name="outbox lane", daemon=True
        ).start()
    left = {delivery.pk: delivery for delivery in deliveries}
    for delivery, failure in _gather(done, count=len(deliveries), patience=patience):
        del left[delivery.pk]
        yield delivery, failure
    _empty(todo)
    for delivery in left.values():
        yield delivery, MailFailed("timeout", f"no end within {patience:g} s")


def _run_lane(
    todo: queue.SimpleQueue[Delivery],
    done: queue.SimpleQueue[Result],
    send: Callable[[Mail], None],
) -> None:
    """Only the network happens here; the rows are marked by the thread that claimed them."""
    while True:
        try:
            delivery = todo.get_nowait()
        except queue.Empty:
            return
        try:
            send(as_mail(delivery))
        except MailFailed as failure:
            done.put((delivery, failure))
        except Exception as error:
            LOG.exception("A message could not be sent", extra={"delivery": delivery.pk})
            done.put((delivery, MailFailed("other", type(error).__name__)))
        else:
            done.put((delivery, None))


def _empty(todo: queue.SimpleQueue[Delivery]) -> None:
    """Leave nothing for lanes that come to themselves after patience has ended."""
    while not todo.empty():
        try:
            todo.get_nowait()
        except queue.Empty:
            return


def _gather(done: queue.SimpleQueue[Result], *, count: int, patience: float) -> Iterator[Result]:
    ends = time.monotonic() + patience
    for _ in range(count):
        try:
            yield done.get(timeout=max(0.0, ends - time.monotonic()))
        except queue.Empty:
            return


def _mark(delivery: Delivery, *, failure: MailFailed | None, now: dt.datetime) -> None:
    match failure:
        case None:
            delivery.mark_sent(at=now)
        case MailRefused():
            delivery.mark_refused(error=str(failure))
        case MailFailed():
            delivery.mark_failed(error=str(failure), at=now)
    event = "delivery_failed" if failure else "delivery_sent"
    LOG.info(event, extra={"event": event, "delivery": delivery.pk})
