from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import path

from kokemus.ui.navigation import list_links


def page(request: Any) -> HttpResponse:
    return HttpResponse(request.path)


urlpatterns = [
    path("", page, name="today"),
    path("scores/", page, name="overview"),
    path("settings/members/", page, name="members"),
]


@pytest.fixture(autouse=True)
def _urls(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def test_list_links_leaves_out_pages_that_do_not_exist() -> None:
    assert [link.url for link in list_links(path="/")] == ["/", "/scores/", "/settings/members/"]


@pytest.mark.parametrize(
    ("here", "current"),
    [
        ("/", ["today"]),
        ("/scores/?week=3", ["overview"]),
        ("/settings/members/7/", ["members"]),
        ("/elsewhere/", []),
    ],
)
def test_list_links_marks_the_page_one_is_on(here: str, current: list[str]) -> None:
    links = list_links(path=here)
    assert [link.item.name for link in links if link.is_current] == current


def test_list_links_keeps_to_what_is_allowed() -> None:
    links = list_links(path="/", allowed={"today", "audit"})
    assert [link.item.name for link in links] == ["today"]
