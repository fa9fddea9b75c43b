"""The form that finds a person."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PersonSearchForm(forms.Form):
    text = forms.CharField(
        label=_("Name, email address, phone number or reference"),
        help_text=_("A part of the name is enough. All else has to be whole."),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
