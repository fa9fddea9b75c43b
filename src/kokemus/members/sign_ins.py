"""Sign-ins and failed ones, as they reach the audit."""

from __future__ import annotations

from typing import Any

from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest

from kokemus.members.audit import record
from kokemus.store.models import Member


def listen() -> None:
    """Hear of every sign-in; called once, when the app is ready."""
    user_logged_in.connect(_record_sign_in, dispatch_uid="audit-sign-in")
    user_login_failed.connect(_record_failure, dispatch_uid="audit-sign-in-failed")
    authentication_failed.connect(_record_wrong_code, dispatch_uid="audit-wrong-code")
    authenticator_added.connect(_record_factor_added, dispatch_uid="audit-factor-added")
    authenticator_removed.connect(_record_factor_removed, dispatch_uid="audit-factor-removed")


def _record_sign_in(request: HttpRequest, user: Member, **_: Any) -> None:
    record(request, "sign_in", member=user)


def _record_failure(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    """An address that is no member's belongs to no organisation, and is not written down."""
    member = Member.objects.filter(email__iexact=str(credentials.get("email", ""))).first()
    if member:
        record(request, "sign_in_failed", organisation=member.organisation, subject=member.email)


def _record_wrong_code(request: HttpRequest, user: Member, **_: Any) -> None:
    record(request, "sign_in_failed", organisation=user.organisation, subject=user.email, step=2)


def _record_factor_added(request: HttpRequest, user: Member, authenticator: Any, **_: Any) -> None:
    record(request, "factor_added", member=user, subject=str(authenticator.type))


def _record_factor_removed(
    request: HttpRequest, user: Member, authenticator: Any, **_: Any
) -> None:
    record(request, "factor_removed", member=user, subject=str(authenticator.type))
