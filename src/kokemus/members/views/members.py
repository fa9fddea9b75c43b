"""Members: who they are, what they may, and inviting more of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kokemus.members.audit import record
from kokemus.members.forms.pages import InviteForm, RoleForm
from kokemus.members.invites import invite_member, open_invites, resend_invite
from kokemus.members.roles import (
    LastAdmin,
    OutOfReach,
    deactivate_member,
    grant_role,
    may_change,
    reactivate_member,
    revoke_role,
)
from kokemus.store.models import Member, MemberInvite, Role
from kokemus.store.requests import MemberRequest
from kokemus.ui.notices import announce, warn


@login_required
def members(request: MemberRequest) -> HttpResponse:
    rows = Member.objects.visible_to(request.user).order_by("-is_active", "name", "pk")
    context = {
        "members": rows.prefetch_related("roles__unit"),
        "invites": open_invites(request.user),
        "may_invite": request.user.has_role_somewhere("lead"),
        "now": timezone.now(),
    }
    return render(request, "members/members.html", context)


@login_required
def invite(request: MemberRequest) -> HttpResponse:
    _demand_lead(request)
    form = InviteForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        public_url = settings.PUBLIC_URL
        row = invite_member(
            request.user, **form.cleaned_data, public_url=public_url, now=timezone.now()
        )
        record(request, "member_invited", subject=row.email, role=row.kind, unit=row.unit.name)
        announce(request, _("An invitation is on its way to %(email)s.") % {"email": row.email})
        return redirect("members")
    return render(request, "members/invite.html", {"form": form})


@login_required
@require_POST
def resend(request: MemberRequest, pk: int) -> HttpResponse:
    row = _led_invite(request, pk)
    resend_invite(row, by=request.user, public_url=settings.PUBLIC_URL, now=timezone.now())
    record(request, "member_invited", subject=row.email, role=row.kind, unit=row.unit.name)
    announce(request, _("A new link is on its way. The old one no longer works."))
    return redirect("members")


@login_required
@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    row = _led_invite(request, pk)
    record(request, "invite_withdrawn", subject=row.email)
    row.withdraw()
    announce(request, _("The invitation is withdrawn."))
    return redirect("members")


@login_required
def member(request: MemberRequest, pk: int) -> HttpResponse:
    """One member: their roles, and for those who lead, giving and taking them."""
    row = _seen(request, pk)
    may_lead = request.user.has_role_somewhere("lead")
    if request.method == "POST" and not may_lead:
        raise PermissionDenied(_("Leads give roles. Ask the lead of the unit."))
    form = RoleForm(request.POST or None, by=request.user) if may_lead else None
    if request.method == "POST" and form is not None and form.is_valid():
        unit, kind = form.cleaned_data["unit"], form.cleaned_data["kind"]
        _try(
            request,
            lambda: grant_role(request.user, member=row, unit=unit, kind=kind),
            done=_("The role is given."),
            action="role_granted",
            subject=row.email,
            detail={"role": kind, "unit": unit.name},
        )
        return redirect("member", pk=pk)
    roles = row.roles.filter(pk__in=Role.objects.visible_to(request.user)).select_related("unit")
    context = {
        "member": row,
        "roles": [(role, may_change(role, by=request.user)) for role in roles],
        "form": form,
        "may_shut_out": request.user.is_organisation_admin and row != request.user,
    }
    return render(request, "members/member.html", context)


@login_required
@require_POST
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(
        Role.objects.visible_to(request.user).select_related("member", "unit__organisation"), pk=pk
    )
    _try(
        request,
        lambda: revoke_role(request.user, role=role),
        done=_("The role is taken away."),
        action="role_revoked",
        subject=role.member.email,
        detail={"role": role.kind, "unit": role.unit.name},
    )
    return redirect("members" if role.member != request.user else "home")


@login_required
@require_POST
def activity(request: MemberRequest, pk: int) -> HttpResponse:
    """Shut a member out, or let them in again."""
    row = _seen(request, pk)
    if row.is_active:
        _try(
            request,
            lambda: deactivate_member(request.user, member=row),
            done=_("%(name)s can no longer sign in.") % {"name": row.name},
            action="member_deactivated",
            subject=row.email,
        )
    else:
        _try(
            request,
            lambda: reactivate_member(request.user, member=row),
            done=_("%(name)s can sign in again.") % {"name": row.name},
            action="member_reactivated",
            subject=row.email,
        )
    return redirect("member", pk=pk)


def _try(
    request: HttpRequest,
    change: Callable[[], object],
    *,
    done: str,
    action: str,
    subject: str,
    detail: dict[str, Any] | None = None,
) -> None:
    """Make a change and tell of it, or say in words why not."""
    try:
        change()
    except OutOfReach:
        raise PermissionDenied(
            _("This role is above your own, or the unit is not within your reach.")
        ) from None
    except LastAdmin:
        warn(request, _("This is the last admin. Make somebody else an admin first."))
    else:
        record(request, action, subject=subject, **(detail or {}))
        announce(request, done)


def _seen(request: MemberRequest, pk: int) -> Member:
    return get_object_or_404(Member.objects.visible_to(request.user), pk=pk)


def _led_invite(request: MemberRequest, pk: int) -> MemberInvite:
    rows = MemberInvite.objects.visible_to(request.user).filter(accepted_at=None)
    row = get_object_or_404(rows.select_related("unit__organisation"), pk=pk)
    if not request.user.has_role("lead", unit=row.unit):
        raise PermissionDenied(_("Leads invite members. Ask the lead of your unit."))
    return row


def _demand_lead(request: MemberRequest) -> None:
    if not request.user.has_role_somewhere("lead"):
        raise PermissionDenied(_("Leads invite members. Ask the lead of your unit."))
