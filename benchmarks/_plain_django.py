"""The comparison: the same row written by a plain Django view, one ORM create a request."""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokemus.server.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from kokemus.store.identifiers import uuid7  # noqa: E402
from kokemus.store.models import Response, Survey  # noqa: E402
from kokemus.store.scales import SCALES  # noqa: E402


def respond(request: HttpRequest) -> JsonResponse:
    """As one would write it in an afternoon: look the survey up, check the score, create."""
    if request.method != "POST":
        return JsonResponse({}, status=405)
    sent: dict[str, Any] = json.loads(request.body)
    survey = Survey.objects.select_related("touchpoint").get(pk=sent["survey"])
    version = survey.versions.first()
    if version is None or not SCALES[survey.scale].holds(sent["score"]):
        return JsonResponse({"error": "score"}, status=422)
    now = timezone.now()
    row = Response.objects.create(
        id=uuid7(),
        key=sent["key"],
        organisation_id=survey.organisation_id,
        survey=survey,
        version=version,
        touchpoint=survey.touchpoint,
        unit_id=survey.touchpoint.unit_id,
        scale=survey.scale,
        score=sent["score"],
        comment=sent["comment"],
        language=sent["language"],
        channel="api",
        answered_at=dt.datetime.fromisoformat(sent["answered_at"]),
        local_day=now.date(),
        completed_at=now,
        changed_at=now,
    )
    return JsonResponse({"id": str(row.pk), "state": "added"}, status=201)


urlpatterns = [path("respond", respond)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = get_wsgi_application()
