"""The shared templates and tags, as a page uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path
from django.utils import translation

from kokemus.ui.notices import announce

urlpatterns = [path("today/", lambda request: HttpResponse("Today"), name="today")]
NOW = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Result:
    estimate: float | None
    low: float | None
    high: float | None
    answers: int


class Question(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="Only for the answer")
    words = forms.CharField(required=False, widget=forms.Textarea)
    when = forms.ChoiceField(choices=[("now", "At once")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="May call")


@pytest.fixture(autouse=True)
def _urls(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def make_request(url: str = "/", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(url)
    request.COOKIES.update(cookies)
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def render(source: str, **context: Any) -> str:
    """The tags' text, with runs of white space and icons taken out."""
    text = Template("{% load ui %}" + source).render(Context(context))
    text = re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", text).strip()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (Result(39.84, 36.9, 42.8, 2746), "NPS +40 between +37 and +43 2746 answers"),
        (Result(50.0, -20.0, 90.0, 3), "NPS Cannot tell yet 3 answers; at least 5 are needed."),
        (Result(None, None, None, 0), "NPS No answers yet"),
        (Result(float("nan"), None, None, 0), "NPS No answers yet"),
    ],
)
def test_score_shows_the_interval_or_says_why_not(result: Result, shown: str) -> None:
    with translation.override("en"):
        html = render('{% score result "NPS" %}', result=result).replace("2,746", "2746")
    assert words(html) == shown


def test_score_of_a_share_is_a_percentage_in_finnish() -> None:
    with translation.override("fi"):
        html = render('{% score r form="percent" %}', r=Result(0.873, 0.84, 0.9, 431))
    assert words(html) == "87 % väliltä 84 % … 90 % 431 vastausta"


def test_missing_numbers_and_times_are_a_dash() -> None:
    html = render(
        "{{ x|number }} {{ x|signed }} {{ x|percent }} {{ x|duration }} {{ x|day }}", x=None
    )
    assert html == "– – – – –"


@pytest.mark.parametrize(
    ("ahead", "tone", "shown"),
    [
        (timedelta(hours=-3), "badge-bad", "3 h late"),
        (timedelta(minutes=42), "badge-warn", "42 min left"),
        (timedelta(hours=5), "badge", "5 h left"),
    ],
)
def test_due_tells_late_soon_and_later_apart(ahead: timedelta, tone: str, shown: str) -> None:
    with translation.override("en"):
        html = render("{% due moment %}", moment=NOW + ahead, now=NOW)
    assert words(html) == shown
    assert f'{tone}">' in html


def test_chip_sets_one_parameter_and_keeps_the_rest() -> None:
    request = make_request("/?unit=3&page=2&week=5")
    html = render('{% chip "late" 1 "Late" %}', request=request)
    assert html == '<a class="chip" href="?unit=3&amp;week=5&amp;late=1">Late</a>'


def test_a_set_chip_takes_its_parameter_away() -> None:
    with translation.override("en"):
        html = render('{% chip "unit" 3 "Care" %}', request=make_request("/?unit=3&week=5"))
    assert 'aria-current="true" href="?week=5"' in html
    assert words(html) == "Care remove the filter"


def test_chip_menu_names_the_choice_and_offers_all() -> None:
    request = make_request("/?unit=2")
    options = [(1, "Care"), (2, "Repairs")]
    with translation.override("en"):
        html = render('{% chip_menu "unit" "Unit" options %}', request=request, options=options)
    assert words(html) == "Unit: Repairs All Care Repairs"
    assert 'href="?unit=1"' in html


def test_announce_offers_undo_by_post() -> None:
    request = make_request()
    announce(request, "Taken", undo_url="/cases/7/release/")
    with translation.override("en"):
        html = render("{% message_list %}", request=request)
    assert '<form method="post" action="/cases/7/release/">' in html
    assert words(html) == "Taken Undo"


@pytest.mark.parametrize(
    ("cookie", "attribute"), [("dark", 'data-theme="dark"'), ("purple", ""), ("system", "")]
)
def test_the_chosen_theme_is_drawn_by_the_server(cookie: str, attribute: str) -> None:
    assert render("{% theme_attribute %}", request=make_request(theme=cookie)) == attribute


def test_base_has_language_skip_link_and_token_for_htmx() -> None:
    with translation.override("fi"):
        html = render_to_string("ui/base.html", request=make_request())
    token = re.search(r'hx-headers=\'\{"X-CSRFToken": "(\w{64})"\}\'', html)
    assert '<html lang="fi"' in html
    assert '<a class="skip-link" href="#content">Siirry sisältöön</a>' in html
    assert html.count('href="/today/"') == 3  # the name on top, the rail, the bar
    assert token is not None


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "429", "500", "503"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_error_pages_speak_in_words_even_without_a_request(code: str, language: str) -> None:
    with translation.override(language):
        html = render_to_string(f"{code}.html")
    heading = re.search(r"<h1>(.+)</h1>\s*<p>(.+)</p>", html)
    assert heading is not None
    assert not re.search(r"\d{3}|!|[Ee]rror", heading.group())


def test_a_field_names_its_help_and_its_errors() -> None:
    html = str(Question({"email": "no", "when": "now"}))
    described = re.search(r'name="email"[^>]*aria-describedby="([^"]+)"', html)
    assert described is not None
    assert all(f'id="{name}"' in html for name in described.group(1).split())
    assert described.group(1).split() == ["id_email_helptext", "id_email_error"]


def test_radios_stand_in_a_fieldset_with_a_legend() -> None:
    html = words(str(Question()["when"].as_field_group()))
    assert html == "When At once"
    assert "<fieldset" in Question()["when"].as_field_group()


def test_pagination_keeps_the_filters() -> None:
    page = Paginator(range(30), 10).page(2)
    request = make_request("/?unit=3&page=2")
    with translation.override("en"):
        html = render_to_string("ui/pagination.html", {"page": page}, request=request)
    assert 'href="?unit=3&amp;page=1"' in html
    assert 'href="?unit=3&amp;page=3"' in html
    assert words(html) == "Previous Page 2 of 3 Next"


def test_one_page_needs_no_pagination() -> None:
    html = render_to_string("ui/pagination.html", {"page": Paginator([1], 10).page(1)})
    assert html.strip() == ""


def test_empty_says_what_one_can_do() -> None:
    html = render_to_string(
        "ui/empty.html", {"heading": "No answers", "text": "Ask.", "url": "/x/", "action": "Open"}
    )
    assert words(html) == "No answers Ask. Open"
    assert 'href="/x/"' in html
