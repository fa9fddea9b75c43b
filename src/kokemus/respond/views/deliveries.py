from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from kokemus.respond.delivery_list import (
    NotYourDelivery,
    count_states,
    list_deliveries,
    retry_dead,
    retry_one,
)
from kokemus.respond.views.requests import next_url
from kokemus.store.models import Delivery
from kokemus.store.requests import MemberRequest
from kokemus.ui.notices import announce

ROWS_MAX = 50


@login_required
@require_safe
def deliveries(request: MemberRequest) -> HttpResponse:
    member, state = request.user, request.GET.get("state", "")
    rows = list_deliveries(member, state=state)
    page = Paginator(rows, ROWS_MAX).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "counts": count_states(member),
        "state": state,
        "now": timezone.now(),
        "may_retry": request.user.has_role_somewhere("agent"),
        "has_mail": settings.IS_MAIL_CONFIGURED,
    }
    return render(request, "respond/deliveries.html", context)


@login_required
@require_POST
def retry(request: MemberRequest, key: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=key)
    try:
        retry_one(request.user, delivery, at=timezone.now())
    except NotYourDelivery as error:
        raise PermissionDenied(str(error)) from error
    words = gettext("The message to %(recipient)s is tried again.")
    announce(request, words % {"recipient": delivery.recipient})
    return redirect(next_url(request, otherwise="deliveries"))


@login_required
@require_POST
def retry_all(request: MemberRequest) -> HttpResponse:
    try:
        count = retry_dead(request.user, at=timezone.now())
    except NotYourDelivery as error:
        raise PermissionDenied(str(error)) from error
    words = ngettext(
        "%(count)s message is tried again.", "%(count)s messages are tried again.", count
    )
    announce(request, words % {"count": count})
    return redirect("deliveries")
