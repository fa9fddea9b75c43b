"""Prepare an empty database to measure on; print what was made as JSON."""

from __future__ import annotations

import json

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from kokemus.store.models import (  # noqa: E402
    ApiKey,
    Journey,
    Organisation,
    Survey,
    Touchpoint,
)


def main() -> None:
    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.found(
        name="Measured", language="fi", time_zone="Europe/Helsinki"
    )
    journey = Journey.objects.draw(organisation, name="Visit", stages=["Visit"])
    touchpoint = Touchpoint.objects.place(
        journey.stages.get(), unit=organisation.root, name="Visit", mode="human", code="visit"
    )
    texts = {language: {"question": "Miten meni?"} for language in ("fi", "sv", "en")}
    survey = Survey.objects.draft(touchpoint, name="Visit", scale="nps", texts=texts)
    version = survey.publish(by=None, at=timezone.now())
    _, key = ApiKey.objects.issue(organisation, name="Bench", scopes=["responses:write"])
    row = {
        "organisation_id": organisation.pk,
        "survey_id": survey.pk,
        "version_id": version.pk,
        "touchpoint_id": touchpoint.pk,
        "unit_id": organisation.root.pk,
        "scale": "nps",
        "score": 9,
        "language": "fi",
        "channel": "api",
    }
    print(json.dumps({"survey": survey.pk, "link": survey.link, "key": key, "row": row}))


main()
