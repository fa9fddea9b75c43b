"""The list of names that are hidden in comments, and how far comments follow it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kokemus.listen.forms import HiddenNamesForm
from kokemus.listen.hidden_names import (
    find_themes_called_so,
    keep_names,
    list_names,
    weigh_everyday_names,
)
from kokemus.store.models import CommentReading, HiddenNames
from kokemus.store.requests import MemberRequest
from kokemus.ui.notices import announce

EVERYDAY_SHOWN = 20


@login_required
@never_cache
def hidden_names(request: MemberRequest) -> HttpResponse:
    """The list as text to be changed, and what it costs where a name is an everyday word too."""
    names = list_names(request.user)
    data = request.POST if request.method == "POST" else None
    form = HiddenNamesForm(data, initial={"names": "\n".join(names)})
    if form.is_valid():
        address = request.META.get("REMOTE_ADDR", "")
        kept = form.cleaned_data["names"]
        change = keep_names(request.user, kept, now=timezone.now(), address=address)
        if change.added or change.removed:
            announce(
                request, _("The list is kept. Comments that the change may touch are read again.")
            )
        else:
            announce(request, _("The list is as it was."))
        return redirect("hidden-names")
    context = {
        "form": form,
        "count": len(names),
        "themes": find_themes_called_so(request.user, names),
    }
    return render(request, "listen/hidden_names.html", context | _state(request))


@login_required
@require_safe
@never_cache
def state(request: MemberRequest) -> HttpResponse:
    """How far it is; a part of the page. When the list has been looked for, what it costs, once."""
    list_names(request.user)
    context = _state(request, weighs="looking" in request.GET) | {"is_part": True}
    return render(request, "listen/_hidden_names_state.html", context)


def _state(request: MemberRequest, *, weighs: bool = True) -> dict[str, Any]:
    row = HiddenNames.objects.visible_to(request.user).first()
    everyday = weigh_everyday_names(row if weighs else None)
    return {
        "is_looking": row is not None and not row.is_applied,
        "progress": CommentReading.objects.progress(request.user.organisation_id),
        "everyday": everyday.names[:EVERYDAY_SHOWN],
        "everyday_more": len(everyday.names[EVERYDAY_SHOWN:]),
        "looked_at": everyday.comments,
    }
