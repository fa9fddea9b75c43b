"""A comment as it was written: shown once, to leads, and written into the audit."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kokemus.listen.unredaction import NoSuchComment, NotToBeShown, show_as_written
from kokemus.store.requests import MemberRequest


@login_required
@require_POST
@never_cache
def show_comment(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    """The comment in the answer to the post itself: whoever comes back sees it redacted again."""
    address = request.META.get("REMOTE_ADDR", "")
    try:
        response = show_as_written(request.user, key, address=address)
    except NoSuchComment as missing:
        raise Http404 from missing
    except NotToBeShown as error:
        raise PermissionDenied(str(error)) from error
    return render(request, "listen/comment_shown.html", {"response": response})
