"""The outbox: every message on its way out, with its attempts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kokemus.store.models.organisation import Member, Organisation, Unit
from kokemus.store.visibility import VisibleQuerySet, reach

ATTEMPTS_MAX = 8
BACKOFF_SECONDS = (10, 60, 300, 900, 3600, 4 * 3600, 12 * 3600)
LEASE_SECONDS = 300


class DeliveryQuerySet(VisibleQuerySet["Delivery"]):
    def visible_to(self, member: Member) -> Self:
        """Those of one's units; for admins of the organisation also those of no unit."""
        return self._within(member, at_least="viewer")

    def workable_by(self, member: Member) -> Self:
        """Those that the member may have tried again: an agent's role or higher in the unit."""
        return self._within(member, at_least="agent")

    def _within(self, member: Member, *, at_least: str) -> Self:
        mine = reach(member, wall="unit", at_least=at_least)
        if member.is_organisation_admin:
            mine |= Q(unit=None)
        return super().visible_to(member).filter(mine)

    def enqueue(
        self,
        *,
        organisation: Organisation,
        key: str,
        recipient: str,
        subject: str,
        text: str,
        due_at: dt.datetime,
        html: str = "",
        reply_to: str = "",
        unit: Unit | None = None,
        channel: str = "email",
    ) -> Delivery:
        """Put a message in the outbox. The same key again replaces it until it has been tried."""
        content = {
            "channel": channel,
            "recipient": recipient,
            "subject": subject,
            "text": text,
            "html": html,
            "reply_to": reply_to,
            "unit": unit,
            "due_at": due_at,
        }
        delivery, created = self.get_or_create(organisation=organisation, key=key, defaults=content)
        if not created:
            # Whoever claims it for sending meanwhile is waited for, and then it is left alone.
            self.filter(pk=delivery.pk, state="waiting", attempts=0).update(**content)
            delivery.refresh_from_db()
        return delivery

    def enqueue_new(self, deliveries: Iterable[Delivery]) -> None:
        """Put messages in the outbox whose keys cannot be there yet; one of those with one key."""
        by_key = {(one.organisation_id, one.key): one for one in deliveries}
        self.bulk_create(by_key.values())

    def due(self, *, now: dt.datetime) -> Self:
        return self.filter(state="waiting", due_at__lte=now).order_by("due_at", "pk")

    @transaction.atomic
    def claim_due(self, *, now: dt.datetime, limit: int) -> list[Delivery]:
        """Take up to `limit` due messages for sending; nobody else gets them during the lease.

        The attempt counts from here, so a message that kills its sender is not tried for ever.
        """
        free = self.due(now=now).select_for_update(skip_locked=True)
        claimed = list(free[:limit])
        until = now + dt.timedelta(seconds=LEASE_SECONDS)
        mine = self.filter(pk__in=[delivery.pk for delivery in claimed])
        mine.update(attempts=F("attempts") + 1, due_at=until)
        for delivery in claimed:
            delivery.attempts += 1
            delivery.due_at = until
        return claimed

    def retry_dead(self, *, at: dt.datetime) -> int:
        """A human asks for all dead messages of this set to be tried again."""
        return self.filter(state="dead").update(state="waiting", attempts=0, due_at=at)

    def dead(self) -> Self:
        return self.filter(state="dead").order_by("-pk")


class Delivery(models.Model):
    """One message. waiting → sent, or after the last attempt → dead (until retried by a human)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DEAD = "dead", _("Not delivered")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="deliveries")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, related_name="+")
    key = models.CharField(max_length=120)
    channel = models.CharField(max_length=10, default="email")
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("due_at", condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index("created_at", condition=Q(state="dead"), name="delivery_dead"),
        ]
        constraints = [models.UniqueConstraint("organisation", "key", name="delivery_key_unique")]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"

    def mark_sent(self, *, at: dt.datetime) -> None:
        self._set(state="sent", sent_at=at, last_error="")

    def mark_failed(self, *, error: str, at: dt.datetime) -> None:
        """Note a failed attempt: later again, or dead after the last one."""
        if self.attempts >= ATTEMPTS_MAX:
            self._set(state="dead", last_error=error[:500])
        else:
            pause = dt.timedelta(seconds=BACKOFF_SECONDS[self.attempts - 1])
            self._set(due_at=at + pause, last_error=error[:500])

    def mark_refused(self, *, error: str) -> None:
        """Note that no later attempt can help, such as an address that does not exist."""
        self._set(state="dead", last_error=error[:500])

    def retry(self, *, at: dt.datetime) -> None:
        """A human asks for a dead message to be tried again, from the start."""
        self._set(state="waiting", attempts=0, due_at=at)

    def _set(self, **values: Any) -> None:
        """Of a message that was erased while it was being sent there is nothing to write."""
        for name, value in values.items():
            setattr(self, name, value)
        Delivery.objects.filter(pk=self.pk).update(**values)
