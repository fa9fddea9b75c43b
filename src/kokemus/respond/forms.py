"""What members fill in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kokemus.respond.rules import Wanted
from kokemus.store.models import Case, Survey, Theme, Touchpoint, TriageRule, Unit
from kokemus.store.scales import SCALES

if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Unit]  # Django's class takes no type when it runs
else:
    _Choice = forms.ModelChoiceField

TEXT_MAX = 5000


def _words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class UnitField(_Choice):
    """Units by name, partners said to be partners."""

    def label_from_instance(self, unit: Unit) -> str:
        is_partner = unit.kind == Unit.Kind.PARTNER
        return f"{unit.name} ({unit.get_kind_display()})" if is_partner else unit.name


class NoteForm(forms.Form):
    prefix = "note"
    text = forms.CharField(label=_("Note"), max_length=TEXT_MAX, widget=_words(3))


class ReplyForm(forms.Form):
    prefix = "reply"
    text = forms.CharField(label=_("Your words"), max_length=TEXT_MAX, widget=_words(6))
    token = forms.CharField(max_length=40, widget=forms.HiddenInput)


class HandOffForm(forms.Form):
    prefix = "hand"
    unit = UnitField(Unit.objects.none(), label=_("To which unit"))
    hours = forms.IntegerField(
        label=_("Their time to act, in hours"), min_value=1, max_value=24 * 60
    )
    text = forms.CharField(
        label=_("What they need to know and do"), max_length=TEXT_MAX, widget=_words(4)
    )

    def __init__(self, *args: Any, units: list[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])


class ResolveForm(forms.Form):
    prefix = "resolve"
    cause = forms.ChoiceField(label=_("What caused it"), choices=[("", "—"), *Case.Cause.choices])
    text = forms.CharField(label=_("What was done"), max_length=TEXT_MAX, widget=_words(3))


class RuleForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("In which unit"), empty_label=None)
    scale = forms.ChoiceField(
        label=_("Low score on"), choices=[("", "—"), *Survey.ScaleCode.choices], required=False
    )
    score_at_most = forms.IntegerField(
        label=_("Score at most"), min_value=0, max_value=10, required=False
    )
    words = forms.CharField(
        label=_("Or these words in the comment"),
        help_text=_(
            "Separate by commas. A word is found at the start of a word, so “leak” also finds "
            "“leaking”."
        ),
        max_length=1000,
        required=False,
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(),
        label=_("Or a comment on the theme"),
        empty_label="—",
        required=False,
    )
    sentiment = forms.ChoiceField(
        label=_("Or a comment that is"),
        help_text=_("With a theme chosen, what is said of that theme has to be so."),
        choices=[("", "—"), *TriageRule.Sentiment.choices],
        required=False,
    )
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.none(),
        label=_("Only at"),
        empty_label=_("every touchpoint"),
        required=False,
    )
    reply_hours = forms.IntegerField(
        label=_("Hours to reply"),
        help_text=_("Left empty, the organisation's own time holds."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    name = forms.CharField(
        label=_("Name"), help_text=_("The case says this as its reason."), max_length=120
    )

    def __init__(
        self,
        *args: Any,
        units: Any,
        touchpoints: Any,
        themes: Any,
        rule: TriageRule | None = None,
        **options: Any,
    ) -> None:
        if rule is not None:
            options["initial"] = {
                "unit": rule.unit_id,
                "scale": rule.scale,
                "score_at_most": rule.score_at_most,
                "words": ", ".join(rule.words),
                "theme": rule.theme_id,
                "sentiment": rule.sentiment,
                "touchpoint": rule.touchpoint_id,
                "reply_hours": rule.reply_hours,
                "name": rule.name,
            }
        super().__init__(*args, **options)
        for name, rows in (("unit", units), ("touchpoint", touchpoints), ("theme", themes)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean_words(self) -> list[str]:
        parts = re.split(r"[,;\n]", self.cleaned_data["words"])
        return [word for part in parts if (word := " ".join(part.split()))]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        scale, score = values.get("scale"), values.get("score_at_most")
        if score is not None and not scale:
            self.add_error("scale", gettext("Choose the scale of the score."))
        if scale and score is None:
            self.add_error("score_at_most", gettext("Give the highest score that opens a case."))
        if scale and score is not None and not SCALES[scale].holds(score):
            bounds = {"low": SCALES[scale].low, "high": SCALES[scale].high}
            self.add_error(
                "score_at_most", gettext("This scale goes from %(low)s to %(high)s.") % bounds
            )
        said = (values.get("words"), values.get("theme"), values.get("sentiment"))
        if not self.errors and score is None and not any(said):
            self.add_error(None, gettext("Give a score, words, a theme or a sentiment."))
        return values

    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)
