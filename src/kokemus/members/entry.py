"""How allauth works here: nobody signs up, mail leaves through the outbox, only members come in."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any, NoReturn
from urllib.parse import quote

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kokemus.members.audit import address_of
from kokemus.store.models import Delivery, Member


class MemberAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The email and the password do not belong together."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes and try again."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("Write the password you have now."),
        "unknown_email": _("No member has this email."),
        "rate_limited": _("Too many tries. Wait a while and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "0.0.0.0"  # noqa: S104  (a bucket for the unknown)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link goes to the public address, whatever host the request named."""
        names = {"uidb36": "UID", "key": "KEY"}
        path = reverse("account_reset_password_from_key", kwargs=names)
        return settings.PUBLIC_URL + path.replace("UID-KEY", quote(key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        member: Member = context["user"]
        message = self.render_mail(template_prefix, email, context)
        Delivery.objects.enqueue(
            organisation=member.organisation,
            key=f"account-{uuid.uuid4()}",
            recipient=email,
            subject=message.subject,
            text=message.body,
            due_at=timezone.now(),
        )

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right. Check the clock of the device, and try again."),
    }

    def build_totp_svg(self, url: str) -> str:
        drawing = BytesIO()
        code = segno.make(url, micro=False)
        code.save(drawing, kind="svg", scale=5, border=3, light="#ffffff", xmldecl=False)
        return drawing.getvalue().decode()

    def generate_authenticator_name(self, user: Member, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def _get_site_name(self) -> str:
        return "Kokemus"


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Someone whom the issuer vouches for comes in if a member has that verified email."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        emails = [item.email.lower() for item in sociallogin.email_addresses if item.verified]
        member = Member.objects.filter(email__in=emails, is_active=True).first()
        if member is None:
            _turn_away(request)
        sociallogin.user = member


def _turn_away(request: HttpRequest) -> NoReturn:
    raise ImmediateHttpResponse(render(request, "members/not_a_member.html", status=403))
