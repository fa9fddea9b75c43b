from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from kokemus.respond.case_story import Story, find_case, note_look, tell_case
from kokemus.respond.cases import (
    NotInYourHands,
    hand_off_case,
    put_back_case,
    reopen_case,
    reply_to_customer,
    resolve_case,
    take_case,
    write_note,
)
from kokemus.respond.forms import HandOffForm, NoteForm, ReplyForm, ResolveForm
from kokemus.respond.replies import NoAddress
from kokemus.respond.views.requests import address_of, live_url, next_url
from kokemus.store.models import Case
from kokemus.store.models.cases import (
    CaseAlreadyResolved,
    CaseAlreadyTaken,
    CaseNotResolved,
    ImpossibleHandOff,
)
from kokemus.store.requests import MemberRequest
from kokemus.ui.notices import announce, warn

PARTS = {"case-state": "respond/case_state.html", "case-trail": "respond/case_trail.html"}
CONFLICTS = (CaseAlreadyTaken, CaseAlreadyResolved, CaseNotResolved, ImpossibleHandOff, NoAddress)


@login_required
@require_safe
def case(request: MemberRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    note_look(request.user, found, now=timezone.now(), address=address_of(request))
    return _show(request, found)


@login_required
@require_POST
def take(request: MemberRequest, number: int) -> HttpResponse:
    found, member = _find(request, number), request.user
    seen = request.POST.get("instead_of", "")
    instead_of = int(seen) if seen.isdecimal() else None
    try:
        take_case(member, found, at=timezone.now(), instead_of=instead_of)
    except (NotInYourHands, *CONFLICTS) as error:
        return _say_why(request, found, error)
    back = {"next": next_url(request)}
    undo_url = f"{reverse('case-put-back', args=[number])}?{urlencode(back)}"
    announce(request, gettext("Case %(number)s is yours.") % {"number": number}, undo_url=undo_url)
    return redirect(next_url(request))


@login_required
@require_POST
def put_back(request: MemberRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    try:
        put_back_case(request.user, found, at=timezone.now())
    except (NotInYourHands, *CONFLICTS) as error:
        return _say_why(request, found, error)
    words = gettext("Case %(number)s is back in the queue of %(unit)s.")
    announce(request, words % {"number": number, "unit": found.unit.name})
    return redirect(next_url(request))


@login_required
@require_POST
def reopen(request: MemberRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    try:
        reopen_case(request.user, found, at=timezone.now())
    except (NotInYourHands, *CONFLICTS) as error:
        return _say_why(request, found, error)
    announce(request, gettext("Case %(number)s is open again.") % {"number": number})
    return redirect("case", number)


@login_required
@require_POST
def note(request: MemberRequest, number: int) -> HttpResponse:
    def act(found: Case, values: dict[str, Any]) -> None:
        write_note(request.user, found, text=values["text"], at=timezone.now())
        announce(request, gettext("The note is kept."))

    return _fill_in(request, number, name="note", act=act)


@login_required
@require_POST
def reply(request: MemberRequest, number: int) -> HttpResponse:
    def act(found: Case, values: dict[str, Any]) -> None:
        member = request.user
        sent = reply_to_customer(member, found, **values, at=timezone.now())
        words = gettext("The reply is on its way to %(address)s.")
        announce(request, words % {"address": sent.recipient})

    return _fill_in(request, number, name="reply", act=act)


@login_required
@require_POST
def hand_off(request: MemberRequest, number: int) -> HttpResponse:
    def act(found: Case, values: dict[str, Any]) -> None:
        hand_off_case(request.user, found, **values, at=timezone.now())
        words = gettext("Case %(number)s is now with %(unit)s, who have been told.")
        announce(request, words % {"number": number, "unit": values["unit"].name})

    return _fill_in(request, number, name="hand_off", act=act)


@login_required
@require_POST
def resolve(request: MemberRequest, number: int) -> HttpResponse:
    def act(found: Case, values: dict[str, Any]) -> None:
        resolve_case(request.user, found, **values, at=timezone.now())
        undo_url = reverse("case-reopen", args=[number])
        words = gettext("Case %(number)s is resolved.") % {"number": number}
        announce(request, words, undo_url=undo_url)

    return _fill_in(request, number, name="resolve", act=act)


def _find(request: MemberRequest, number: int) -> Case:
    found = find_case(request.user, number=number)
    if found is None:
        raise Http404
    return found


def _fill_in(
    request: MemberRequest,
    number: int,
    *,
    name: str,
    act: Callable[[Case, dict[str, Any]], None],
) -> HttpResponse:
    """Check the form called `name` and act on it; on any error show it again with its text."""
    found = _find(request, number)
    story = tell_case(request.user, found, now=timezone.now())
    form = _forms(story, request=request, filled=name)[name]
    if not form.is_valid():
        status = 422 if story.may_work else 403
        return _show(request, found, filled=name, form=form, status=status)
    try:
        act(found, form.cleaned_data)
    except NotInYourHands as error:
        form.add_error(None, str(error))
        return _show(request, found, filled=name, form=form, status=403)
    except CONFLICTS as error:
        form.add_error(None, _explain(error, found))
        return _show(request, _find(request, number), filled=name, form=form, status=409)
    return redirect("case", number)


def _say_why(request: MemberRequest, found: Case, error: Exception) -> HttpResponse:
    """Somebody was first, or it is not one's to do: say so, in words, where one was."""
    if isinstance(error, NotInYourHands):
        raise PermissionDenied(str(error)) from error
    warn(request, _explain(error, found))
    return redirect(next_url(request))


def _explain(error: Exception, found: Case) -> str:
    now = Case.objects.select_related("taken_by", "unit").get(pk=found.pk)
    facts = {"number": now.number, "unit": now.unit.name}
    match error:
        case CaseAlreadyTaken():
            facts["name"] = now.taken_by.name if now.taken_by else now.unit.name
            return gettext("%(name)s was first: case %(number)s is in their hands.") % facts
        case CaseAlreadyResolved():
            return gettext("Case %(number)s was resolved meanwhile.") % facts
        case CaseNotResolved():
            return gettext("Case %(number)s is open already.") % facts
        case NoAddress():
            return gettext("The customer cannot be written to.") % facts
    return gettext("Case %(number)s is with %(unit)s already.") % facts


def _show(
    request: MemberRequest,
    found: Case,
    *,
    filled: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    member, now = request.user, timezone.now()
    story = tell_case(member, found, now=now)
    shown = _forms(story, request=request)
    if form is not None:
        shown[filled] = form
    context = {
        "story": story,
        "case": found,
        "forms": shown,
        "open": filled or ("reply" if story.address else "note"),
        "now": now,
        "member": member,
        "is_mine": found.taken_by_id == member.pk,
        "has_mail": settings.IS_MAIL_CONFIGURED,
        "live_url": live_url(member),
        "lost_text": request.POST.get(f"{form.prefix}-text", "") if form else "",
    }
    template = PARTS.get(request.headers.get("HX-Target", ""), "respond/case.html")
    return render(request, template, context, status=status)


def _forms(story: Story, *, request: MemberRequest, filled: str = "") -> dict[str, forms.Form]:
    def data(name: str) -> Any:
        return request.POST if name == filled else None

    hours = {"hours": story.case.organisation.reply_hours}
    return {
        "note": NoteForm(data("note")),
        "reply": ReplyForm(data("reply"), initial={"token": uuid.uuid4().hex}),
        "hand_off": HandOffForm(data("hand_off"), units=story.units, initial=hours),
        "resolve": ResolveForm(data("resolve")),
    }
