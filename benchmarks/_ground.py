"""Prepare an empty database to measure on; print what was made as JSON."""

from __future__ import annotations

import json

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from kokemus.store.models import (  # noqa: E402
    ApiKey,
    Journey,
    Member,
    Organisation,
    Role,
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
    session, member = _sign_in(organisation)
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
    made = {"survey": survey.pk, "link": survey.link, "key": key, "row": row}
    print(json.dumps(made | {"session": session, "member": member}))


def _sign_in(organisation: Organisation) -> tuple[str, int]:
    """A member with every right, and a session of theirs: (the cookie, the member)."""
    member = Member.objects.enrol(
        organisation, email="bench@bench.example", name="Bench", language="fi", password=None
    )
    Role.objects.grant(member, unit=organisation.root, kind="admin")
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return str(session.session_key), member.pk


main()
