"""Invitations to become a member: mailed, good once, for seven days."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kokemus.members.roles import OutOfReach, kinds_grantable_by
from kokemus.store.models import Delivery, Member, MemberInvite, Role, Unit

INVITE_DAYS = 7
AGAIN = dt.timedelta(minutes=1)


@transaction.atomic
def invite_member(
    by: Member, *, email: str, unit: Unit, kind: str, public_url: str, now: dt.datetime
) -> MemberInvite:
    """Invite an address to a role in a unit, and put the mail in the outbox."""
    if kind not in kinds_grantable_by(by, unit=unit):
        raise OutOfReach(f"{by} may not invite with the role '{kind}' to {unit}.")
    if sent := _find_just_sent(email=email, unit=unit, kind=kind, now=now):
        return sent
    expires_at = now + dt.timedelta(days=INVITE_DAYS)
    invite, token = MemberInvite.objects.invite(
        email=email, unit=unit, kind=kind, by=by, expires_at=expires_at
    )
    _mail(invite, by=by, link=f"{public_url}/invited/{token}/", now=now)
    return invite


@transaction.atomic
def resend_invite(invite: MemberInvite, *, by: Member, public_url: str, now: dt.datetime) -> None:
    """Mail a new link; the old one stops working."""
    token = invite.renew(expires_at=now + dt.timedelta(days=INVITE_DAYS))
    _mail(invite, by=by, link=f"{public_url}/invited/{token}/", now=now)


def open_invites(member: Member) -> list[MemberInvite]:
    """Invites not accepted yet, of the units where the member leads."""
    rows = MemberInvite.objects.visible_to(member).filter(accepted_at=None)
    seen = rows.select_related("unit", "invited_by").order_by("-created_at")
    return [invite for invite in seen if member.has_role("lead", unit=invite.unit)]


def _find_just_sent(*, email: str, unit: Unit, kind: str, now: dt.datetime) -> MemberInvite | None:
    """The same invitation a moment ago: a second click sends no second mail."""
    same = MemberInvite.objects.filter(email=email.lower(), unit=unit, kind=kind, accepted_at=None)
    return same.filter(created_at__gt=now - AGAIN).first()


def _mail(invite: MemberInvite, *, by: Member, link: str, now: dt.datetime) -> None:
    organisation = invite.unit.organisation
    names = {
        "who": by.name,
        "organisation": organisation.name,
        "unit": invite.unit.name,
        "role": Role.Kind(invite.kind).label,
        "link": link,
        "days": INVITE_DAYS,
    }
    with translation.override(organisation.language):
        names["role"] = str(Role.Kind(invite.kind).label).lower()
        subject = _("%(who)s invites you to %(organisation)s on Kokemus") % names
        text = (
            _(
                "Hello\n\n%(who)s invites you to follow and mend what the customers of"
                " %(organisation)s experience. Your role: %(role)s, %(unit)s.\n\n"
                "Come in here:\n%(link)s\n\n"
                "The link works once, for %(days)s days. If you did not expect this,"
                " you can leave it be."
            )
            % names
        )
    Delivery.objects.enqueue(
        organisation=organisation,
        key=f"invite-{invite.token_hash[:32]}",
        recipient=invite.email,
        subject=subject[:200],
        text=text,
        due_at=now,
        unit=invite.unit,
    )
