"""A customer is let down: in a human's queue within a second, handed on, put right."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message

import pytest
from playwright.sync_api import expect
from tests.journeys.browsing import DESK, PHONE, Browser, Person
from tests.journeys.scenes import Scene, set_scenes
from tests.serving import MailServer, RunningKokemus

pytestmark = [pytest.mark.browser, pytest.mark.own_database, pytest.mark.timed]
SECONDS_MAX = 1.0
# What a line of the history holds, from opened to resolved; the words that differ are left out.
STEPS = (
    "(NPS, 0–10)",
    "",
    "Agent of service",
    "Called twice; nobody answered.",
    "We come back tomorrow.",
    "Service → Partner",
    "Agent of partner",
    "The joint is new.",
)
CASES = [("fi", PHONE), ("en", PHONE), ("fi", DESK), ("en", DESK)]
WATCH = """(words) => {
  window.seenAt = new Promise((resolve) => {
    const look = () => document.body.innerText.includes(words) && resolve(Date.now());
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
  });
}"""
CUSTOMER = "kaisa@customer.example"


@dataclass(frozen=True)
class Words:
    """What people read and write, in one language."""

    comment: str
    send: str
    waiting: str
    nobody: str
    take: str
    yours: str
    note: str
    keep_note: str
    reply: str
    send_reply: str
    hand_off: str
    hand_it_on: str
    told: str
    read_only: str
    resolve: str
    resolve_it: str
    cause: str
    resolved: str
    quoted: str
    handed: str


WORDS = {
    "fi": Words(
        comment="Putki vuotaa yhä, ja lattia on märkä.",
        send="Lähetä",
        waiting="1 asiakas odottaa.",
        nobody="Kukaan ei odota sinua.",
        take="Ota hoitaaksesi",
        yours="Sinulla",
        note="Kirjoita muistiin",
        keep_note="Tallenna",
        reply="Vastaa asiakkaalle",
        send_reply="Lähetä vastaus",
        hand_off="Siirrä toiselle yksikölle",
        hand_it_on="Siirrä",
        told="ja siitä on ilmoitettu",
        read_only="Sitä hoitaa Partner.",
        resolve="Merkitse hoidetuksi",
        resolve_it="Merkitse hoidetuksi",
        cause="Työn laatu",
        resolved="on hoidettu.",
        quoted="Vastasit",
        handed="siirsi tämän yksikölle Partner",
    ),
    "en": Words(
        comment="The pipe still leaks and the floor is wet.",
        send="Send",
        waiting="1 customer is waiting.",
        nobody="Nobody is waiting for you.",
        take="Take",
        yours="You have it",
        note="Write a note",
        keep_note="Keep the note",
        reply="Reply to the customer",
        send_reply="Send the reply",
        hand_off="Hand it to another unit",
        hand_it_on="Hand it on",
        told="who have been told.",
        read_only="Those who work in Partner act on it.",
        resolve="Resolve",
        resolve_it="Resolve the case",
        cause="Quality of the work",
        resolved="is resolved.",
        quoted="You answered on",
        handed="handed this to Partner",
    ),
}


@pytest.fixture(scope="module")
def scenes(kokemus: RunningKokemus) -> dict[tuple[str, int], Scene]:
    return dict(zip(CASES, set_scenes(kokemus, [case[0] for case in CASES]), strict=True))


@pytest.mark.parametrize(("language", "width"), CASES)
def test_a_failure_is_seen_handed_on_and_put_right(
    browser: Browser,
    kokemus: RunningKokemus,
    mails: MailServer,
    scenes: dict[tuple[str, int], Scene],
    language: str,
    width: int,
) -> None:
    scene, words, url = scenes[language, width], WORDS[language], kokemus.base_url
    options = {"width": width, "language": language}
    with (
        browser.person(url, **options) as agent,
        browser.person(url, **options, scripts=False) as customer,
        browser.person(url, **options) as partner,
    ):
        sign_in(agent, scene.agent, scene.password)
        sign_in(partner, scene.partner, scene.password)
        for member in (agent, partner):
            member.go("/today/").sees(words.nobody)
            expect(member.page.locator("[data-live-state=open]")).to_have_count(1)
        let_down(customer, scene, words=words, today=agent)
        alert = wait_for_mail(mails, scene.agent)
        assert words.comment in text_of(alert)
        path = take_and_answer(agent, words, language=language)
        reply = wait_for_mail(mails, CUSTOMER, containing=f"{language} {width}")
        assert words.quoted in text_of(reply)
        hand_to_partner(agent, words)
        handed = wait_for_mail(mails, scene.partner)
        assert words.handed in text_of(handed)
        partner.sees(words.waiting, words.comment)
        resolve(partner, words, path=path)
        check_history(agent, words, path=path)


def sign_in(member: Person, email: str, password: str) -> None:
    member.go("/account/login/").fill(login=email, password=password)
    with member.page.expect_navigation():
        member.page.locator('form[action="/account/login/"] .button-primary').click()


def let_down(customer: Person, scene: Scene, *, words: Words, today: Person) -> None:
    """The customer taps 2, then says why; both are on the open page within a second."""
    customer.go(scene.address)
    seen = watch_for(today, words.waiting)
    begun = submit(customer, re.compile("^2"))
    tapped = seen() - begun
    customer.look()
    customer.page.locator("[name=may_contact]").check()
    customer.fill(comment=words.comment, reply_to=CUSTOMER)
    seen = watch_for(today, words.comment)
    begun = submit(customer, words.send)
    written = seen() - begun
    customer.look()
    print(f"On Today {tapped:.2f} s after the tap, {written:.2f} s after the words")
    today.look()
    assert max(tapped, written) < SECONDS_MAX


def watch_for(person: Person, words: str) -> Callable[[], float]:
    """Begin to watch; what is returned waits, and tells when the words came (seconds, epoch)."""
    person.page.evaluate(WATCH, words)
    return lambda: float(person.page.evaluate("window.seenAt")) / 1000


def submit(person: Person, name: str | re.Pattern[str]) -> float:
    """Press a button; return when the browser sent the form (seconds, epoch)."""
    with person.page.expect_request(lambda request: request.method == "POST") as sent:
        person.page.get_by_role("button", name=name).click()
    person.page.wait_for_load_state()
    return float(sent.value.timing["startTime"]) / 1000


def take_and_answer(agent: Person, words: Words, *, language: str) -> str:
    """Take the case from the list, note, reply; return the case's address."""
    agent.page.get_by_role("button", name=words.take).click()
    agent.sees(words.yours).look().follow(words.comment)
    open_part(agent, words.note)
    agent.fill(note__text="Called twice; nobody answered.").press(words.keep_note, exact=True)
    agent.sees("Called twice; nobody answered.")
    open_part(agent, words.reply)
    width = agent.page.viewport_size["width"] if agent.page.viewport_size else 0
    agent.fill(reply__text=f"We come back tomorrow. ({language} {width})")
    agent.press(words.send_reply).sees("We come back tomorrow.")
    return agent.where()


def hand_to_partner(agent: Person, words: Words) -> None:
    """Hand it on; from then the first unit may read, but no longer act."""
    open_part(agent, words.hand_off)
    unit = agent.page.locator('[name="hand-unit"] option', has_text="Partner")
    agent.page.locator('[name="hand-unit"]').select_option(unit.get_attribute("value"))
    agent.fill(hand__text="Please mend the joint tomorrow.", hand__hours="24")
    agent.press(words.hand_it_on, exact=True).sees(words.told, words.read_only)
    expect(agent.page.locator("form[action$='/resolve/'], form[action$='/take/']")).to_have_count(0)


def resolve(partner: Person, words: Words, *, path: str) -> None:
    partner.follow(words.comment)
    assert partner.where() == path
    open_part(partner, words.resolve)
    partner.fill(resolve__cause=words.cause, resolve__text="The joint is new.")
    partner.press(words.resolve_it, exact=True).sees(words.resolved, words.cause)


def check_history(agent: Person, words: Words, *, path: str) -> None:
    """Two legs with their clocks, and every step in order, newest or oldest first."""
    agent.go(path).sees("The joint is new.", words.cause)
    legs = agent.page.locator("section[aria-labelledby=way] li")
    expect(legs).to_have_count(2)
    assert [leg.locator("strong").inner_text().split(" (")[0] for leg in legs.all()] == [
        "Service",
        "Partner",
    ]
    history = agent.page.locator("section[aria-labelledby=history] li").all_inner_texts()
    assert len(history) == len(STEPS)
    assert [step in line for step, line in zip(STEPS, history, strict=True)] == [True] * len(STEPS)


def open_part(person: Person, name: str) -> None:
    summary = person.page.locator("summary", has_text=name)
    if not summary.evaluate("summary => summary.parentElement.open"):
        summary.click()


def wait_for_mail(mails: MailServer, recipient: str, *, containing: str = "") -> Message:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        for mail in mails.mailbox.wait_for(0):
            if recipient in str(mail["To"]) and containing in text_of(mail):
                return mail
        time.sleep(0.05)
    raise AssertionError(f"No mail came to {recipient} in 15 s")


def text_of(mail: Message) -> str:
    parts = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    return "".join(bytes(part.get_payload(decode=True) or b"").decode() for part in parts)
