"""allauth's forms in our words: labels above the fields, no placeholders."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "login": _("Email"),
    "email": _("Email"),
    "password": _("Password"),
    "oldpassword": _("The password you have now"),
    "password1": _("New password"),
    "password2": _("New password once more"),
    "code": _("Code"),
    "name": _("Name"),
}
PASSWORD_HELP = _("At least 10 characters. A few words in a row are easy to remember.")


class InOurWords:
    """Puts our labels on the fields of a form of allauth."""

    fields: dict[str, forms.Field]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, field in self.fields.items():
            field.label = WORDS.get(name, field.label)
            field.help_text = PASSWORD_HELP if name == "password1" else ""
            field.widget.attrs.pop("placeholder", None)


class SignInForm(InOurWords, account.LoginForm):  # type: ignore[misc]
    @property
    def is_throttled(self) -> bool:
        return any(
            error.code == "too_many_login_attempts"
            for errors in self.errors.as_data().values()
            for error in errors
        )


class PasswordChangeForm(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class FirstPasswordForm(InOurWords, account.SetPasswordForm):  # type: ignore[misc]
    pass


class PasswordResetForm(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class NewPasswordForm(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class PasswordAgainForm(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class CodeForm(InOurWords, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class CodeAgainForm(InOurWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class FirstCodeForm(InOurWords, ActivateTOTPForm):  # type: ignore[misc]
    pass


class AddPasskeyForm(InOurWords, AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["passwordless"]
        field.label = _("Sign in with this alone, without a password")
        field.help_text = _("The device then asks for a fingerprint, a face or its PIN.")
        field.initial = True


class RenamePasskeyForm(InOurWords, EditWebAuthnForm):  # type: ignore[misc]
    pass
