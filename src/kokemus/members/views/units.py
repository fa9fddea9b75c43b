"""The tree of units."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kokemus.members.audit import record
from kokemus.members.forms.pages import UnitForm
from kokemus.members.units import draw_tree, rearrange_unit
from kokemus.store.models import Unit
from kokemus.store.models.organisation import UnitNotEmpty
from kokemus.store.requests import MemberRequest
from kokemus.ui.notices import announce, warn


@login_required
def units(request: MemberRequest) -> HttpResponse:
    context = {
        "tree": draw_tree(request.user),
        "may_add": request.user.has_role_somewhere("lead"),
    }
    return render(request, "members/units.html", context)


@login_required
def new_unit(request: MemberRequest) -> HttpResponse:
    if not request.user.has_role_somewhere("lead"):
        raise PermissionDenied(_("Leads arrange units. Ask the lead of your unit."))
    initial = {"parent": request.GET.get("parent"), "kind": "internal"}
    form = UnitForm(request.POST or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        unit = Unit.objects.plant(request.user.organisation, **form.cleaned_data)
        record(request, "unit_added", subject=unit.name)
        announce(request, _("%(name)s is in the tree.") % {"name": unit.name})
        return redirect("units")
    return render(request, "members/unit_new.html", {"form": form})


@login_required
def unit(request: MemberRequest, pk: int) -> HttpResponse:
    """A unit: who works there, and for its leads, how it is called and where it hangs."""
    row = _seen(request, pk)
    may_change = request.user.has_role("lead", unit=row)
    if request.method == "POST" and not may_change:
        raise PermissionDenied(_("Leads arrange units. Ask the lead of the unit."))
    initial = {name: getattr(row, name) for name in ("name", "parent", "kind", "code", "email")}
    form = UnitForm(request.POST or None, by=request.user, unit=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        rearrange_unit(row, **{"parent": None, **form.cleaned_data})
        record(request, "unit_changed", subject=row.name)
        announce(request, _("The changes are kept."))
        return redirect("units")
    context = {
        "unit": row,
        "form": form if may_change else None,
        "may_remove": may_change and row.parent_id is not None,
        "roles": row.roles.select_related("member").order_by("member__name"),
    }
    return render(request, "members/unit.html", context)


@login_required
@require_POST
def remove_unit(request: MemberRequest, pk: int) -> HttpResponse:
    row = _seen(request, pk)
    if not request.user.has_role("lead", unit=row):
        raise PermissionDenied(_("Leads arrange units. Ask the lead of the unit."))
    name = row.name
    try:
        row.remove()
    except UnitNotEmpty:
        warn(
            request,
            _(
                "%(name)s is not empty: it has members, invitations, units below it,"
                " touchpoints, answers or cases. Move them first."
            )
            % {"name": name},
        )
        return redirect("unit", pk=pk)
    record(request, "unit_removed", subject=name)
    announce(request, _("%(name)s is no longer in the tree.") % {"name": name})
    return redirect("units")


def _seen(request: MemberRequest, pk: int) -> Unit:
    rows = Unit.objects.visible_to(request.user).select_related("organisation", "parent")
    return get_object_or_404(rows, pk=pk)
