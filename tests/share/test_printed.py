"""A page on paper says what it is about."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.world import NOW, World

from kokemus.share.comments import CommentSearch
from kokemus.share.filters import Filters
from kokemus.share.printed import name_filters
from kokemus.share.responses import Search
from kokemus.store.models import Theme


def line_of(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    [line] = re.findall(r'<p class="only-print small">(.*?)</p>', page)
    return str(line)


@pytest.mark.parametrize(
    "path", ["/overview/", "/responses/", "/comments/", "/themes/", "/themes/waiting/"]
)
def test_a_page_says_whose_it_is_and_of_which_answers(
    world: World, client: Client, path: str
) -> None:
    client.force_login(world.admin)
    line = line_of(client, f"{path}?period=90&unit={world.service.pk}&channel=qr")
    name, *said, day = line.split(" · ")
    assert (name, said) == (
        world.organisation.name,
        ["Last 90 days", "Unit: Service", "Channel: QR code"],
    )
    assert re.fullmatch(r"Printed \d+ \w+( \d{4})?", day), day


def test_every_filter_is_named(world: World) -> None:
    filters = Filters(
        today=NOW.date(),
        period="all",
        scale="nps",
        unit=world.service,
        journey=world.journey,
        touchpoint=world.touchpoint,
        survey=world.survey,
        channel="sms",
        language="fi",
    )
    theme = Theme.objects.get(organisation=world.organisation, code="waiting")
    comments = CommentSearch(
        words="jono", theme=theme, label="negative", is_unsure=True, mode="human", tone="bad"
    )
    common = [
        "All time",
        "Scale: Recommendation (NPS)",
        "Unit: Service",
        "Journey: Home service",
        "Touchpoint: Visit",
        "Survey: After the visit",
        "Channel: Text message",
        "Language: Suomi",
        "Search: “jono”",
        "Low score",
    ]
    of_comments = ["Theme: Waiting", "Sentiment: Negative", "Human or digital: Human", "Unsure"]
    assert name_filters(filters, comments) == [*common, *of_comments]
    answers = Search(words="jono", is_commented=True, tone="bad")
    assert name_filters(filters, answers) == [*common, "With a comment"]


def test_nothing_chosen_is_the_period_alone() -> None:
    assert name_filters(Filters(today=NOW.date()), CommentSearch()) == ["Last 28 days"]
