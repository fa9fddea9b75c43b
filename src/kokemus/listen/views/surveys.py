"""Surveys: from a template to a public link, a QR code and a poster."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kokemus.listen.answer_page import choose_language, render_preview
from kokemus.listen.forms import NewSurveyForm, TextsForm
from kokemus.listen.posters import Poster, poster_pdf, qr_png, qr_svg
from kokemus.listen.surveys import (
    IncompleteTexts,
    as_drafted,
    draft_survey,
    has_unpublished_changes,
    list_surveys,
    publish_survey,
    rewrite_survey,
)
from kokemus.store.models import Survey
from kokemus.store.requests import MemberRequest


@login_required
def surveys(request: MemberRequest) -> HttpResponse:
    context = {
        "surveys": list_surveys(request.user),
        "may_design": request.user.has_role_somewhere("lead"),
    }
    return render(request, "listen/surveys.html", context)


@login_required
def new_survey(request: MemberRequest) -> HttpResponse:
    if not request.user.has_role_somewhere("lead"):
        raise PermissionDenied(_("Leads design surveys. Ask the lead of your unit."))
    initial = {"touchpoint": request.GET.get("touchpoint"), "scale": "nps"}
    form = NewSurveyForm(request.POST or None, member=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        survey = draft_survey(**form.cleaned_data)
        return redirect("survey", pk=survey.pk)
    has_touchpoints = form.fields["touchpoint"].queryset.exists()  # type: ignore[attr-defined]
    context = {"form": form, "has_touchpoints": has_touchpoints}
    return render(request, "listen/new_survey.html", context)


@login_required
def survey(request: MemberRequest, pk: int) -> HttpResponse:
    """The survey's page: its texts, and once published its link, code and poster."""
    row = _seen(request, pk)
    may_design = request.user.has_role("lead", unit=row.touchpoint.unit)
    if request.method == "POST" and not may_design:
        raise PermissionDenied(_("Leads design surveys. Ask the lead of the unit."))
    form = TextsForm(request.POST or None, survey=row)
    if request.method == "POST" and form.is_valid():
        rewrite_survey(row, texts=form.texts(), **form.settings())
        if "publish" not in request.POST:
            messages.success(request, _("The draft is kept. What is published did not change."))
            return redirect("survey", pk=pk)
        try:
            version = publish_survey(row, by=request.user, at=timezone.now())
        except IncompleteTexts as error:
            form.blame(error.missing)
        else:
            text = _("Version %(number)s is open for answers.") % {"number": version.number}
            messages.success(request, text)
            return redirect("survey", pk=pk)
    context = {
        "survey": row,
        "form": form,
        "may_design": may_design,
        "version": row.current,
        "address": _address(row),
        "has_unpublished_changes": has_unpublished_changes(row),
        "answers": row.responses.visible_to(request.user).count(),
    }
    return render(request, "listen/survey.html", context)


@login_required
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """The draft as the contact would see it; nothing is kept."""
    row = _seen(request, pk)
    published = as_drafted(row)
    wanted = request.GET.get("lang", "")
    language = choose_language(published, wanted=wanted, accepted=get_language() or "")
    return HttpResponse(render_preview(published, language=language))


@login_required
@require_POST
def open_or_close(request: MemberRequest, pk: int) -> HttpResponse:
    row = _seen(request, pk)
    if not request.user.has_role("lead", unit=row.touchpoint.unit):
        raise PermissionDenied(_("Leads open and close surveys. Ask the lead of the unit."))
    if row.is_open:
        row.close()
        messages.success(request, _("Closed. Whoever opens the link is told so."))
    else:
        row.reopen()
        messages.success(request, _("Open for answers again."))
    return redirect("survey", pk=pk)


@login_required
def code(request: MemberRequest, pk: int, form: str) -> HttpResponse:
    """The QR code or the poster: svg, png or pdf."""
    row = _seen(request, pk)
    address = _address(row, channel="qr")
    if form == "svg":
        content, kind = qr_svg(address), "image/svg+xml"
    elif form == "png":
        content, kind = qr_png(address), "image/png"
    else:
        content, kind = poster_pdf(_poster(row, address)), "application/pdf"
    name = f"{slugify(row.name) or 'kokemus'}.{form}"
    disposition = "inline" if "show" in request.GET else "attachment"
    headers = {"Content-Disposition": f'{disposition}; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _poster(row: Survey, address: str) -> Poster:
    current = row.current
    texts = current.texts if current else row.texts
    own = row.organisation.language
    used = [code for code in (own, "fi", "sv", "en") if texts.get(code, {}).get("question")]
    languages = tuple(dict.fromkeys(used)) or (own,)
    return Poster(
        organisation=row.organisation.name,
        question=texts.get(languages[0], {}).get("question", row.name),
        languages=languages,
        address=address,
        colour=row.organisation.colour,
    )


def _address(row: Survey, *, channel: str = "") -> str:
    return f"{settings.PUBLIC_URL}/a/{row.link}" + (f"?c={channel}" if channel else "")


def _seen(request: MemberRequest, pk: int) -> Survey:
    rows = Survey.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("touchpoint__unit", "organisation"), pk=pk)
