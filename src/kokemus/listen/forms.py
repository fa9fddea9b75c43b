"""What people type in to design surveys and journeys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kokemus.listen.hidden_names import NAME_LENGTH_MAX, NAMES_MAX, WrongLine, split_names
from kokemus.listen.survey_templates import LENGTH_MAX, TEXT_KEYS, Texts
from kokemus.store.models import Journey, Member, Stage, Survey, Touchpoint, Unit
from kokemus.store.models.organisation import LANGUAGES
from kokemus.store.visibility import reach
from kokemus.ui.wording import format_number

if TYPE_CHECKING:
    TouchpointModelForm = forms.ModelForm[Touchpoint]
else:
    TouchpointModelForm = forms.ModelForm

WRONG_LINES_SHOWN = 5
TEXT_LABELS = {
    "question": _("Question"),
    "low": _("Words at the low end"),
    "high": _("Words at the high end"),
    "why": _("Asking why"),
    "permission": _("Permission to be in touch"),
    "thanks": _("Thank-you, and what happens next"),
}


def units_led_by(member: Member) -> Any:
    """Units in which the member may design: a lead's role or higher."""
    return Unit.objects.filter(reach(member, wall="", at_least="lead"))


class NewSurveyForm(forms.Form):
    scale = forms.ChoiceField(
        label=_("What do you ask?"), choices=Survey.ScaleCode.choices, widget=forms.RadioSelect
    )
    touchpoint = forms.ModelChoiceField(label=_("Touchpoint"), queryset=Touchpoint.objects.none())
    name = forms.CharField(label=_("Name, for you and your colleagues"), max_length=120)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["touchpoint"].queryset = Touchpoint.objects.filter(  # type: ignore[attr-defined]
            reach(member, wall="unit", at_least="lead")
        )


class LanguageText(forms.CharField):
    """A text that its language needs; a language may be left empty whole, so a draft may too."""

    def validate(self, value: Any) -> None:
        """Publishing says what is missing."""


class TextsForm(forms.Form):
    """The texts of a survey in every language: fields `fi-question`, `fi-low`, ..."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name, for you and your colleagues"), max_length=120)
    hides_personal_data = forms.BooleanField(
        label=_("Hide personal data in comments at once"),
        help_text=_(
            "Names, phone numbers, addresses and the like are taken out before a comment is "
            "kept, and nobody can bring them back. Choose this for anonymous surveys."
        ),
        required=False,
    )

    def __init__(self, data: Any = None, *, survey: Survey) -> None:
        initial = {
            "name": survey.name,
            "hides_personal_data": survey.hides_personal_data,
        } | {
            f"{language}-{key}": survey.texts.get(language, {}).get(key, "")
            for language, _name in LANGUAGES
            for key in TEXT_KEYS
        }
        super().__init__(data, initial=initial)
        for language, _name in LANGUAGES:
            for key in TEXT_KEYS:
                self.fields[f"{language}-{key}"] = LanguageText(
                    label=TEXT_LABELS[key],
                    max_length=LENGTH_MAX[key],
                    widget=_widget(key, language),
                )

    def languages(self) -> list[tuple[str, str, list[Any]]]:
        """(code, name, bound fields) of each language, to draw side by side."""
        return [
            (code, name, [self[f"{code}-{key}"] for key in TEXT_KEYS]) for code, name in LANGUAGES
        ]

    def texts(self) -> dict[str, Texts]:
        return {
            language: {key: self.cleaned_data[f"{language}-{key}"] for key in TEXT_KEYS}
            for language, _name in LANGUAGES
        }

    def settings(self) -> dict[str, Any]:
        """What is set beside the texts."""
        return {name: self.cleaned_data[name] for name in ("name", "hides_personal_data")}

    def blame(self, missing: list[tuple[str, str]]) -> None:
        """Say at each field what publishing lacks."""
        for language, key in missing:
            self.add_error(f"{language}-{key}", _("Write this, or empty the whole language."))


def _widget(key: str, language: str) -> forms.Widget:
    if LENGTH_MAX[key] <= 60:
        return forms.TextInput(attrs={"lang": language})
    return forms.Textarea(attrs={"lang": language, "rows": 2})


class JourneyForm(forms.Form):
    name = forms.CharField(label=_("Name of the journey"), max_length=120)
    stages = forms.CharField(
        label=_("Stages, one on each line, in order"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("For example: Finds us, Orders, Visit, Bill, Stays with us."),
    )

    def clean_stages(self) -> list[str]:
        stages = [line.strip() for line in self.cleaned_data["stages"].splitlines() if line.strip()]
        if too_long := [stage for stage in stages if len(stage) > 120]:
            raise forms.ValidationError(
                _("“%(stage)s…” is over 120 characters."), params={"stage": too_long[0][:40]}
            )
        return stages


class StageForm(forms.Form):
    name = forms.CharField(label=_("Name of the stage"), max_length=120)


class TouchpointForm(TouchpointModelForm):
    class Meta:
        model = Touchpoint
        fields = ["name", "mode", "stage", "unit", "code"]
        widgets = {"mode": forms.RadioSelect}
        labels = {"stage": _("Stage"), "unit": _("Unit that owns it")}
        help_texts = {"code": _("Used by the API and in files. Letters, digits and hyphens.")}

    def __init__(self, *args: Any, member: Member, journey: Journey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.fields["stage"].queryset = Stage.objects.filter(journey=journey)  # type: ignore[attr-defined]
        units = units_led_by(member)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        if units.count() == 1:
            self.fields["unit"].empty_label = None  # type: ignore[attr-defined]
        self.fields["mode"].choices = Touchpoint.Mode.choices  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["code"], self.fields["stage"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if Touchpoint.objects.filter(organisation=self.member.organisation_id, code=code).exists():
            raise forms.ValidationError(_("Another touchpoint has this code."))
        return code


class UploadForm(forms.Form):
    survey = forms.ModelChoiceField(
        label=_("Which survey do they answer?"),
        queryset=Survey.objects.none(),
        empty_label=_("Choose a survey"),
    )
    file = forms.FileField(
        label=_("File of answers"),
        help_text=_("CSV with one answer on each line and the names of the columns on the first."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["survey"].queryset = Survey.objects.filter(  # type: ignore[attr-defined]
            reach(member, wall="touchpoint__unit", at_least="lead"), versions__isnull=False
        ).distinct()


MEANING_LABELS = {
    "score": _("The score"),
    "comment": _("Comment"),
    "answered_at": _("Time of the answer"),
    "key": _("Number or key of the answer"),
    "language": _("Language"),
    "reply_to": _("Email or phone"),
    "may_contact": _("May be contacted"),
    "encounter": _("Encounter"),
    "channel": _("Channel"),
}


class ColumnsForm(forms.Form):
    """What each column means; fields are named as the meanings."""

    missing = forms.CharField(
        label=_("Codes that mean no answer"),
        required=False,
        help_text=_("Separated by commas, for example 11, 99."),
    )
    date_order = forms.ChoiceField(
        label=_("How dates are written"),
        choices=[
            ("ymd", _("year-month-day")),
            ("dmy", _("day.month.year")),
            ("mdy", _("month/day/year")),
        ],
    )

    def __init__(self, data: Any = None, *, header: tuple[str, ...], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        columns = [("", "–"), *((name, name) for name in header)]
        asked = {}
        for meaning, label in MEANING_LABELS.items():
            is_needed = meaning == "score"
            asked[meaning] = forms.ChoiceField(label=label, choices=columns, required=is_needed)
        self.fields = {**asked, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        used = [cleaned[meaning] for meaning in MEANING_LABELS if cleaned.get(meaning)]
        for name in {name for name in used if used.count(name) > 1}:
            self.add_error(
                None,
                forms.ValidationError(
                    _("The column “%(name)s” was chosen twice."), params={"name": name}
                ),
            )
        return cleaned

    def columns(self) -> dict[str, str]:
        return {m: self.cleaned_data[m] for m in MEANING_LABELS if self.cleaned_data.get(m)}

    def missing_codes(self) -> list[str]:
        return [code.strip() for code in self.cleaned_data["missing"].split(",") if code.strip()]


class HiddenNamesForm(forms.Form):
    """Names to hide in comments, one a line."""

    names = forms.CharField(
        label=_("Names, one on each line"),
        required=False,
        help_text=_("First names, last names, full names and nicknames. At most 5,000."),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_names(self) -> list[str]:
        names, wrong = split_names(self.cleaned_data["names"])
        if wrong:
            raise forms.ValidationError([_say_wrong(line) for line in wrong[:WRONG_LINES_SHOWN]])
        if len(names) > NAMES_MAX:
            raise forms.ValidationError(
                _("There are %(count)s names. The list holds %(most)s at most."),
                params={"count": format_number(len(names)), "most": format_number(NAMES_MAX)},
            )
        return names


def _say_wrong(line: WrongLine) -> forms.ValidationError:
    words = {
        "too_long": _("Line %(number)s, “%(text)s…”, is over %(most)s characters."),
        "no_letters": _("Line %(number)s, “%(text)s”, has no word of two letters or more."),
    }
    params = {"number": line.number, "text": line.text[:40], "most": NAME_LENGTH_MAX}
    return forms.ValidationError(words[line.reason], params=params)
