"""What is kept about one person: find it, hand it over, erase it. For admins only.

What is searched for is sent as a form and never stands in an address: addresses are kept by
browsers and proxies.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kokemus.members.audit import record
from kokemus.members.forms.people import PersonSearchForm
from kokemus.members.people_words import mark_of, tell_counts
from kokemus.members.views.requests import demand_admin
from kokemus.store.erasure import ImportUnderWay, PersonGone, count_person, erase_person
from kokemus.store.models import AuditEntry
from kokemus.store.people import Person, find_people, get_person
from kokemus.store.person_export import export_person
from kokemus.store.requests import MemberRequest
from kokemus.ui.notices import announce, warn

SHOWN_MAX = 50


@login_required
@never_cache
def people(request: MemberRequest) -> HttpResponse:
    """Find a person by what another system, or they themselves, told of them."""
    demand_admin(request)
    form = PersonSearchForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        found = find_people(request.user.organisation, text, limit=SHOWN_MAX + 1)
        has_more = len(found) > SHOWN_MAX
        context |= {"text": text, "people": found[:SHOWN_MAX], "has_more": has_more}
    return render(request, "members/people.html", context)


@login_required
@never_cache
def person(request: MemberRequest, key: str) -> HttpResponse:
    """What is kept about them, in short."""
    row = _find(request, key)
    record(request, "person_viewed", subject=mark_of(row))
    context = {"person": row, "kept": tell_counts(count_person(row))}
    return render(request, "members/person.html", context)


@login_required
@never_cache
@require_POST
def export(request: MemberRequest, key: str) -> HttpResponse:
    """Everything kept about them, as a file. A form's button, so that no browser fetches ahead."""
    row = _find(request, key)
    record(request, "person_exported", subject=mark_of(row))
    options = {"ensure_ascii": False, "indent": 2}
    answer = JsonResponse(export_person(row), json_dumps_params=options)
    answer.headers["Content-Disposition"] = f'attachment; filename="person-{row.key}.json"'
    return answer


@login_required
@never_cache
def erase(request: MemberRequest, key: str) -> HttpResponse:
    """Say what will go, and once that is confirmed, erase it; a second click changes nothing."""
    try:
        row = _find(request, key)
    except Http404:
        if request.method != "POST" or not _is_erased(request, key):
            raise
        return _tell_erased(request)
    if request.method != "POST":
        context = {"person": row, "kept": tell_counts(count_person(row))}
        return render(request, "members/person_erase.html", context)
    try:
        with transaction.atomic():
            counts = erase_person(row, at=timezone.now())
            record(request, "erasure", subject=mark_of(row), counts=counts)
    except ImportUnderWay:
        warn(request, _("A file is being brought in. Nothing was erased; try again when it is in."))
        return redirect("person-erase", key=key)
    except PersonGone:
        if not _is_erased(request, key):
            raise Http404 from None
    return _tell_erased(request)


def _tell_erased(request: MemberRequest) -> HttpResponse:
    announce(request, _("The person is erased."))
    return redirect("people")


def _is_erased(request: MemberRequest, key: str) -> bool:
    """Whether somebody of the organisation has erased who was called so."""
    told = AuditEntry.objects.visible_to(request.user).filter(action="erasure")
    return bool(told.filter(subject__in=[f"contact:{key}", f"answer:{key}"]).exists())


def _find(request: MemberRequest, key: str) -> Person:
    demand_admin(request)
    row = get_person(request.user.organisation, key)
    if row is None:
        raise Http404
    return row
