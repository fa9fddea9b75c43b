"""Bringing in answers: upload, check the columns, try, start, watch, read what was refused."""

from __future__ import annotations

import csv
import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kokemus.listen.answer_files import AnswerFile, FileMapping, UnreadableFile, open_answer_file
from kokemus.listen.answer_texts import say_refusal
from kokemus.listen.forms import ColumnsForm, UploadForm
from kokemus.listen.imports import look_at, try_import
from kokemus.listen.surveys import as_published
from kokemus.store.files import refused_path, remove_all_of, upload_folder, upload_path
from kokemus.store.identifiers import new_link
from kokemus.store.models import CommentReading, ImportRun
from kokemus.store.requests import MemberRequest

UPLOAD_BYTES_MAX = 200 * 1024 * 1024
TRIED_AT_ONCE_BYTES = 2 * 1024 * 1024  # a larger file is tried by the worker, and others not kept
RUNS_SHOWN = 50
REFUSED_SHOWN = 50


@login_required
def imports(request: MemberRequest) -> HttpResponse:
    """The files so far, and a form for the next one."""
    if not request.user.has_role_somewhere("lead"):
        raise PermissionDenied(_("Leads bring in answers. Ask the lead of your unit."))
    form = UploadForm(request.POST or None, request.FILES or None, member=request.user)
    if request.method == "POST" and form.is_valid() and (run := _keep_upload(request, form)):
        return redirect("import-run", pk=run.pk)
    runs = ImportRun.objects.visible_to(request.user).select_related("survey", "started_by")
    return render(request, "listen/imports.html", {"form": form, "runs": runs[:RUNS_SHOWN]})


def _keep_upload(request: MemberRequest, form: UploadForm) -> ImportRun | None:
    upload = form.cleaned_data["file"]
    if upload.size > UPLOAD_BYTES_MAX:
        form.add_error("file", _("The file is over 200 MB. Split it, or use the command."))
        return None
    folder = upload_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{new_link()}.csv"
    with path.open("xb") as stream:
        for chunk in upload.chunks():
            stream.write(chunk)
    try:
        open_answer_file(path)
    except UnreadableFile as error:
        path.unlink()
        form.add_error("file", _say_unreadable(error.code))
        return None
    survey = form.cleaned_data["survey"]
    return ImportRun.objects.prepare(
        survey, by=request.user, file_name=upload.name, stored_as=path.name
    )


@login_required
def import_run(request: MemberRequest, pk: int) -> HttpResponse:
    """One file: its columns while they are being checked, then how far it is."""
    run = _seen(request, pk)
    if run.state != ImportRun.State.MAPPING:
        return render(request, "listen/import_run.html", _progress(run))
    file = open_answer_file(upload_path(run))
    look = look_at(file, scale=run.survey.scale, columns=run.mapping.get("columns"))
    initial = {**look.columns, "date_order": look.date_order or "dmy"}
    if run.mapping:
        initial |= {"date_order": run.mapping["date_order"], "missing": ", ".join(run.missing)}
    form = ColumnsForm(request.POST or None, header=file.header, initial=initial)
    context: dict[str, Any] = {"run": run, "form": form, "look": look, "header": file.header}
    if look.date_order is None:
        context["dates_are_unclear"] = True
    if request.method == "POST" and form.is_valid():
        if "start" in request.POST or file.path.stat().st_size > TRIED_AT_ONCE_BYTES:
            return _hand_to_worker(request, run, form)
        look = look_at(file, scale=run.survey.scale, columns=form.columns())
        context |= {"look": look, "tried": _try(run, file, form)}
        codes = form.missing_codes()
        context["strange"] = [(value, n) for value, n in look.strange if value not in codes]
    else:
        context["strange"] = [(value, n) for value, n in look.strange if value not in run.missing]
        if run.tried_at and request.method == "GET":
            context["tried"] = {"report": run, "refused": _reasons(run.refused)}
    return render(request, "listen/import_columns.html", context)


def _hand_to_worker(request: MemberRequest, run: ImportRun, form: ColumnsForm) -> HttpResponse:
    begin = run.start if "start" in request.POST else run.try_out
    begin(
        mapping={"columns": form.columns(), "date_order": form.cleaned_data["date_order"]},
        missing=form.missing_codes(),
    )
    return redirect("import-run", pk=run.pk)


def _try(run: ImportRun, file: AnswerFile, form: ColumnsForm) -> dict[str, Any]:
    mapping = FileMapping(
        columns=form.columns(),
        missing=frozenset(form.missing_codes()),
        date_order=form.cleaned_data["date_order"],
        default_time=run.created_at,
    )
    published = as_published(run.survey)
    report = try_import(file, published=published, mapping=mapping, now=timezone.now())
    return {"report": report, "refused": _reasons([vars(one) for one in report.refused])}


@login_required
def import_progress(request: MemberRequest, pk: int) -> HttpResponse:
    run = _seen(request, pk)
    answer = render(request, "listen/_import_progress.html", _progress(run))
    if run.state == ImportRun.State.MAPPING:  # it has been tried: on to what would happen
        answer.headers["HX-Redirect"] = reverse("import-run", args=[run.pk])
    return answer


@login_required
def import_refused(request: MemberRequest, pk: int) -> HttpResponse:
    """The refused lines as a file."""
    run = _seen(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="refused-{run.pk}.csv"'}
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    answer.write("\ufeff")
    table = csv.writer(answer)
    table.writerow(["line", "field", "value", "reason"])
    for one in _all_refused(run):
        reason = _say(one, get_language() or "en")
        table.writerow([one["line"], one["field"], _harmless(one["value"]), reason])
    return answer


@login_required
def import_drop(request: MemberRequest, pk: int) -> HttpResponse:
    """Forget a file that was uploaded but not brought in."""
    run = _seen(request, pk)
    if request.method == "POST" and run.state == ImportRun.State.MAPPING:
        remove_all_of(run)
        run.drop()
        messages.success(request, _("The file is gone. Nothing was brought in."))
    return redirect("import-responses")


def _all_refused(run: ImportRun) -> list[dict[str, Any]]:
    """All that the worker kept; the first ones where its file is gone."""
    try:
        lines = refused_path(run).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return list(run.refused)
    return [json.loads(line) for line in lines]


def _progress(run: ImportRun) -> dict[str, Any]:
    """How far the file is; when it is in, how many of the organisation's comments are read."""
    is_running = run.state in {ImportRun.State.TRYING, ImportRun.State.RUNNING}
    reading = CommentReading.objects.progress(run.organisation_id)
    return {
        "run": run,
        "is_running": is_running,
        "refused": _reasons(run.refused),
        "reading": reading,
        "is_going_on": is_running or not reading.is_done,
    }


def _reasons(refused: list[dict[str, Any]]) -> list[dict[str, Any]]:
    language = get_language() or "en"
    return [{**one, "reason": _say(one, language)} for one in refused[:REFUSED_SHOWN]]


def _say(refused: dict[str, Any], language: str) -> str:
    return say_refusal(
        refused["code"], language=language, field=refused["field"], value=refused["value"]
    )


def _harmless(value: str) -> str:
    """A cell that a spreadsheet would calculate is told to be text."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t"} else value


def _say_unreadable(code: str) -> str:
    return {
        "empty": _("The file is empty."),
        "no_header": _("The first line has no names of columns."),
    }.get(code, _("This is not a table of text. Save it as CSV and try again."))


def _seen(request: MemberRequest, pk: int) -> ImportRun:
    rows = ImportRun.objects.visible_to(request.user)
    run = get_object_or_404(rows.select_related("survey__touchpoint__unit"), pk=pk)
    if not request.user.has_role("lead", unit=run.survey.touchpoint.unit):
        raise PermissionDenied(_("Leads bring in answers. Ask the lead of your unit."))
    return run
