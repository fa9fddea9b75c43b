"""Organisations to tell stories in, set up in a running installation."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.serving import RunningKokemus

CODE = """
import json
from tests.world import PASSWORD, make_world
from kokemus.store.models import Member

def settle(language):
    world = make_world()
    Member.objects.filter(organisation=world.organisation).update(language=language)
    admin = world.admin.email.replace(" ", "")  # a browser's form takes no space
    Member.objects.filter(pk=world.admin.pk).update(email=admin)
    return {
        "link": world.survey.link,
        "survey": world.survey.pk,
        "admin": admin,
        "agent": world.agent.email,
        "partner": world.partner_agent.email,
        "password": PASSWORD,
    }

print(json.dumps([settle(language) for language in %r]))
"""


@dataclass(frozen=True)
class Scene:
    """An organisation whose NPS survey is open at `link`; three of its members and a password.

    The agent works in the unit Service, which meets the customers; the partner's in Partner.
    """

    link: str
    survey: int
    admin: str
    agent: str
    partner: str
    password: str

    @property
    def address(self) -> str:
        return f"/a/{self.link}"


def set_scenes(kokemus: RunningKokemus, languages: list[str]) -> list[Scene]:
    """An organisation for each language, whose members read it."""
    return [Scene(**found) for found in json.loads(kokemus.python(CODE % languages))]
