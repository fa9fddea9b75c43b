"""The forms of our own pages."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from kokemus.members.forms.entry import PASSWORD_HELP
from kokemus.members.roles import kinds_grantable_by, units_led_by
from kokemus.store.models import Member, Organisation, Role, Unit
from kokemus.store.models.access import SCOPES
from kokemus.store.models.organisation import LANGUAGES

SCOPE_WORDS = {
    "encounters:write": _("Send encounters"),
    "responses:write": _("Send answers"),
    "responses:read": _("Read answers"),
    "scores:read": _("Read scores"),
}


def time_zones() -> list[tuple[str, str]]:
    """Places that have a clock of their own, and UTC."""
    places = (name for name in available_timezones() if "/" in name)
    chosen = sorted(name for name in places if not name.startswith(("Etc/", "SystemV/", "US/")))
    return [(name, name.replace("_", " ")) for name in [*chosen, "UTC"]]


def password_field(**options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(
        label=_("Password"), help_text=PASSWORD_HELP, widget=widget, strip=False, **options
    )


class FirstRunForm(forms.Form):
    name = forms.CharField(label=_("Organisation"), max_length=120)
    member_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your email"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = password_field()
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, initial="Europe/Helsinki"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unsaved = Member(email=data.get("email", ""), name=data.get("member_name", ""))
        _check_password(self, member=unsaved)
        return data


class AcceptForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = password_field()
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *arguments: Any, email: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        _check_password(self, member=Member(email=self.email, name=data.get("name", "")))
        return data


class RoleForm(forms.Form):
    """A unit within the reach of whoever gives, and a role not above their own there."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    kind = forms.ChoiceField(
        label=_("Role"),
        choices=Role.Kind.choices,
        initial="agent",
        help_text=_(
            "A viewer reads. An agent works on cases. A lead also designs surveys and invites."
            " An admin decides on everything."
        ),
    )

    def __init__(self, *arguments: Any, by: Member, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.by = by
        units = units_led_by(by)
        field = self.fields["unit"]
        field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])  # type: ignore[attr-defined]
        grantable = {kind for unit in units for kind in kinds_grantable_by(by, unit=unit)}
        choices = [pair for pair in Role.Kind.choices if pair[0] in grantable]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unit, kind = data.get("unit"), data.get("kind")
        if unit and kind and kind not in kinds_grantable_by(self.by, unit=unit):
            self.add_error("kind", _("This role is above your own in this unit."))
        return data


class InviteForm(RoleForm):
    email = forms.EmailField(label=_("Email"))
    field_order = ("email", "unit", "kind")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if Member.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody with this email is a member already."))
        return email


class UnitForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    parent = forms.ModelChoiceField(
        label=_("Below"), queryset=Unit.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Unit.Kind.choices,
        initial="internal",
        help_text=_("A partner works in your name: its share of a matter shows as its own."),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        required=False,
        help_text=_("How other systems name the unit in the API and in files."),
    )
    email = forms.EmailField(
        label=_("Mail for alerts"),
        required=False,
        help_text=_("New cases are told to this address."),
    )

    def __init__(
        self, *arguments: Any, by: Member, unit: Unit | None = None, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.by, self.unit = by, unit
        if unit is not None and unit.parent_id is None:
            del self.fields["parent"]
            return
        led = [row for row in units_led_by(by) if unit is None or not _is_within(row, unit)]
        keys = {row.pk for row in led}
        if unit is not None and unit.parent_id is not None:
            keys.add(unit.parent_id)
        field = self.fields["parent"]
        field.queryset = Unit.objects.filter(pk__in=keys)  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        same = Unit.objects.filter(organisation=self.by.organisation_id, code=code)
        if self.unit is not None:
            same = same.exclude(pk=self.unit.pk)
        if code and same.exists():
            raise forms.ValidationError(_("Another unit has this code."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        same = Unit.objects.filter(
            organisation=self.by.organisation_id,
            parent=cleaned.get("parent"),
            name__iexact=cleaned.get("name", "").strip(),
        )
        if self.unit is not None:
            same = same.exclude(pk=self.unit.pk)
        if same.exists():
            self.add_error("name", _("There is a unit of this name here already."))
        return cleaned


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=LANGUAGES,
        help_text=_("The language of mail from Kokemus. Everybody chooses their own for pages."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    reply_hours = forms.IntegerField(
        label=_("Hours to reply"),
        min_value=1,
        max_value=720,
        help_text=_("How long a case may wait for an answer, if no rule says otherwise."),
    )
    colour = forms.RegexField(
        label=_("Colour"),
        regex=r"^#[0-9a-fA-F]{6}$",
        widget=forms.TextInput(attrs={"type": "color", "data-colour": ""}),
        help_text=_("Your customers see it on the answer page."),
    )

    def clean_colour(self) -> str:
        return str(self.cleaned_data["colour"]).lower()

    @classmethod
    def of(cls, organisation: Organisation, data: Any = None) -> OrganisationForm:
        initial = {name: getattr(organisation, name) for name in cls.base_fields}
        return cls(data, initial=initial)


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What uses the key, such as “Web shop”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope, SCOPE_WORDS[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)


def _check_password(form: forms.Form, *, member: Member) -> None:
    password = form.cleaned_data.get("password")
    if not password:
        return
    try:
        validate_password(password, member)
    except forms.ValidationError as error:
        form.add_error("password", error)


def _is_within(row: Unit, unit: Unit) -> bool:
    return row.path.startswith(unit.path)
