"""From an empty database to the first answer on the overview."""

from __future__ import annotations

import pytest
from tests.journeys.browsing import PHONE, Browser, Person
from tests.serving import RunningKokemus

pytestmark = [pytest.mark.browser, pytest.mark.own_database]


def test_first_run_to_first_answer(browser: Browser, kokemus: RunningKokemus) -> None:
    with browser.person(kokemus.base_url) as founder:
        found_organisation(founder)
        draw_journey(founder)
        link = publish_survey(founder)
        with browser.person(kokemus.base_url, width=PHONE) as customer:
            answer(customer, link)
        founder.go("/overview/").sees("One answer so far", "Cannot tell yet")
        founder.go("/surveys/").sees("After the visit", "Open")


def found_organisation(founder: Person) -> None:
    founder.go("/").sees("Welcome to Kokemus")
    assert founder.where() == "/start/"
    founder.fill(
        name="Helmi Homes",
        member_name="Aino Virtanen",
        email="aino@helmi.example",
        password="seven quiet lakes",
    )
    founder.press("Begin").sees("Welcome. Next, draw where you meet your customers.")


def draw_journey(founder: Person) -> None:
    founder.follow("Draw the first journey").fill(name="Home service", stages="Order\nVisit\nBill")
    founder.press("Draw the journey").sees("Home service", "No touchpoints yet.")
    founder.follow("Add a touchpoint Visit").fill(name="Repair visit", code="repair-visit")
    founder.page.get_by_label("Human").check()
    founder.press("Add the touchpoint").sees("“Repair visit” is on the map.", "nothing is asked")


def publish_survey(founder: Person) -> str:
    """Make the survey from the template, publish it, and return its public link."""
    founder.go("/surveys/").follow("Make the first survey")
    founder.page.get_by_label("NPS").check()
    founder.fill(touchpoint="Repair visit", name="After the visit").press("Go on to the words")
    founder.sees("A draft: nobody can answer yet.")
    founder.press("Publish", exact=True).sees("Version 1 is open for answers; 0 so far.")
    return founder.page.get_by_label("Public link").input_value()


def answer(customer: Person, link: str) -> None:
    customer.go(link).press("9", exact=True).sees("Your answer 9 / 10 is kept.")
    customer.fill(comment="The plumber came on time and left no trace.").press("Send")
    customer.sees("Thank you for your answer", "You can close this page.")
