"""The map of the journey."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kokemus.listen.forms import JourneyForm, StageForm, TouchpointForm
from kokemus.listen.journeys import draw_journeys
from kokemus.store.models import Journey, Touchpoint
from kokemus.store.requests import MemberRequest


@login_required
def journeys(request: MemberRequest) -> HttpResponse:
    context = {
        "journeys": draw_journeys(request.user),
        "may_draw": _may_draw(request),
        "may_add": request.user.has_role_somewhere("lead"),
    }
    return render(request, "listen/journeys.html", context)


@login_required
def new_journey(request: MemberRequest) -> HttpResponse:
    _demand_drawer(request)
    form = JourneyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        Journey.objects.draw(request.user.organisation, **form.cleaned_data)
        messages.success(request, _("The journey is drawn. Next, add its touchpoints."))
        return redirect("journeys")
    context = {"form": form, "title": _("New journey"), "button": _("Draw the journey")}
    return render(request, "listen/form.html", context)


@login_required
def new_stage(request: MemberRequest, pk: int) -> HttpResponse:
    journey = get_object_or_404(Journey.objects.visible_to(request.user), pk=pk)
    _demand_drawer(request)
    form = StageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        journey.add_stage(form.cleaned_data["name"])
        return redirect("journeys")
    context = {"form": form, "title": _("New stage"), "button": _("Add the stage")}
    return render(request, "listen/form.html", {**context, "about": journey.name})


@login_required
def new_touchpoint(request: MemberRequest, pk: int) -> HttpResponse:
    journey = get_object_or_404(Journey.objects.visible_to(request.user), pk=pk)
    if not request.user.has_role_somewhere("lead"):
        raise PermissionDenied(_("Leads add touchpoints. Ask the lead of your unit."))
    form = TouchpointForm(
        request.POST or None,
        member=request.user,
        journey=journey,
        initial={"stage": request.GET.get("stage")},
    )
    if request.method == "POST" and form.is_valid():
        touchpoint = Touchpoint.objects.place(**form.cleaned_data)
        messages.success(request, _("“%(name)s” is on the map.") % {"name": touchpoint.name})
        return redirect("journeys")
    context = {"form": form, "title": _("New touchpoint"), "button": _("Add the touchpoint")}
    return render(request, "listen/form.html", {**context, "about": journey.name})


@login_required
def touchpoint(request: MemberRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Touchpoint.objects.visible_to(request.user).select_related("stage__journey"), pk=pk
    )
    if not request.user.has_role("lead", unit=row.unit):
        raise PermissionDenied(_("Leads change touchpoints. Ask the lead of the unit."))
    form = TouchpointForm(
        request.POST or None, instance=row, member=request.user, journey=row.stage.journey
    )
    if request.method == "POST" and form.is_valid():
        row.change(**form.cleaned_data)
        messages.success(request, _("Changed. Earlier answers keep the unit they were given to."))
        return redirect("journeys")
    context = {"form": form, "title": row.name, "button": _("Keep the changes")}
    return render(request, "listen/form.html", {**context, "about": row.stage.journey.name})


def _may_draw(request: MemberRequest) -> bool:
    return request.user.has_role("lead", unit=request.user.organisation.root)


def _demand_drawer(request: MemberRequest) -> None:
    if not _may_draw(request):
        raise PermissionDenied(
            _("The journey is the whole organisation's: its leads and admins draw it.")
        )
