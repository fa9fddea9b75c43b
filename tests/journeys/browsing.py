"""A person at a real browser, who notices whatever is wrong with a page.

Every page load is watched: a script error, a refusal by the content security policy, a request
that failed or went to another host, an answer of 400 and above. `Person.look` adds what axe finds
(WCAG 2.2 AA) and whether the page has to be scrolled sideways. `Browser.person` fails at its end
when anything was noticed.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Playwright, Request, Response, expect
from tests.run import BROWSERS

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
PHONE, DESK = 390, 1440
HEIGHTS = {PHONE: 844, DESK: 900}
LOCALES = {"fi": "fi-FI", "en": "en-GB", "sv": "sv-FI"}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
AXE = "(rules) => axe.run({runOnly: rules, resultTypes: ['violations']}).then((r) => r.violations)"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
expect.set_options(timeout=20_000)  # a busy machine is no failure; what must be quick is timed
# A stream that the page closes as it is left is no failure; nor is a file that is kept.
CALLED_OFF = "net::ERR_ABORTED"


def find_chromium() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@dataclass
class Person:
    """One browser context with one page. `allowed` are addresses that may answer 400 and above."""

    context: BrowserContext
    page: Page
    base_url: str
    has_scripts: bool
    noticed: list[str] = field(default_factory=list)
    allowed: set[int] = field(default_factory=set)
    bytes_received: list[tuple[str, int]] = field(default_factory=list)

    def go(self, path: str) -> Person:
        """Open a page and look at it."""
        self.page.goto(self.base_url + path if path.startswith("/") else path)
        return self.look()

    def follow(self, name: str, *, exact: bool = False) -> Person:
        """Follow a link by its words and look at the page behind it."""
        return self._leave("link", name, exact=exact)

    def press(self, name: str, *, exact: bool = False) -> Person:
        """Press a button by its words and look at the page that comes."""
        return self._leave("button", name, exact=exact)

    def _leave(self, role: Any, name: str, *, exact: bool) -> Person:
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=exact).first.click()
        return self.look()

    def fill(self, **values: str) -> Person:
        """Fill fields by their `name`; two underscores stand for a hyphen."""
        for name, value in values.items():
            place = self.page.locator(f'[name="{name.replace("__", "-")}"]').first
            if place.evaluate("element => element.tagName") == "SELECT":
                place.select_option(label=value)
            else:
                place.fill(value)
        return self

    def sees(self, *words: str) -> Person:
        """Each of the words is visible on the page."""
        for each in words:
            expect(self.page.get_by_text(each).filter(visible=True).first).to_be_visible()
        return self

    def does_not_see(self, *words: str) -> Person:
        for each in words:
            expect(self.page.get_by_text(each).filter(visible=True)).to_have_count(0)
        return self

    def look(self, *, rules: Sequence[str] = RULES) -> Person:
        """Note what axe finds, and whether the page is wider than the screen.

        `rules` may be fewer for a page that has been looked at and has changed in one respect.
        """
        self.page.wait_for_load_state()
        where = self.where()
        if (wider := self.page.evaluate(SIDEWAYS)) > 0:
            self.noticed.append(f"{where}: {wider} px wider than the screen")
        for violation in self._find_violations(rules):
            places = "; ".join(str(node["html"])[:160] for node in violation["nodes"][:4])
            self.noticed.append(f"{where}: {violation['id']}: {violation['help']}: {places}")
        return self

    def _find_violations(self, rules: Sequence[str]) -> list[dict[str, Any]]:
        """What axe finds; for someone without scripts, on the same page with scripts."""
        if self.has_scripts:
            return run_axe(self.page, rules)
        assert self.context.browser is not None
        twin = self.context.browser.new_context(
            viewport=self.page.viewport_size, storage_state=self.context.storage_state()
        )
        try:
            page = twin.new_page()
            page.goto(self.page.url)
            return run_axe(page, rules)
        finally:
            twin.close()

    def where(self) -> str:
        return urlsplit(self.page.url).path

    def picture(self, name: str, *, full_page: bool = True) -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=full_page)

    def watch(self, page: Page) -> None:
        """Note whatever goes wrong on a page of this person."""
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.noticed.append(f"{self.where()}: {error}"))
        page.on("request", self._note_request)
        page.on("requestfailed", self._note_failure)
        page.on("response", self._note_response)

    def _hear(self, kind: str, text: str) -> None:
        is_expected = any(f"status of {status}" in text for status in self.allowed)
        if kind in {"error", "warning"} and not is_expected:
            self.noticed.append(f"{self.where()}: console: {text}")

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"data", "blob"} or request.url.startswith(self.base_url + "/"):
            return
        self.noticed.append(f"{self.where()}: asked another host: {request.url}")

    def _note_failure(self, request: Request) -> None:
        if request.failure != CALLED_OFF:
            self.noticed.append(f"{self.where()}: {request.url} failed: {request.failure}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.noticed.append(f"{self.where()}: {response.url} answered {response.status}")


def run_axe(page: Page, rules: Sequence[str]) -> list[dict[str, Any]]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(AXE, list(rules))
    return found


@dataclass
class Browser:
    """A running Chromium."""

    chromium: Chromium

    @contextlib.contextmanager
    def person(
        self,
        base_url: str,
        *,
        width: int = DESK,
        language: str = "en",
        colours: Any = "light",
        scripts: bool = True,
        **options: Any,
    ) -> Iterator[Person]:
        """Somebody with a browser of their own; fails at the end if they noticed a fault."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            locale=LOCALES[language],
            color_scheme=colours,
            java_script_enabled=scripts,
            has_touch=width == PHONE,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        person = Person(context, page, base_url, scripts)
        person.watch(page)
        try:
            yield person
            assert person.noticed == [], person.noticed
        except BaseException:
            with contextlib.suppress(Exception):
                person.picture(f"failed-{person.where().strip('/').replace('/', '-')}-{width}")
            raise
        finally:
            context.close()


@contextlib.contextmanager
def running_chromium(playwright: Playwright) -> Iterator[Browser]:
    path = find_chromium()
    assert path is not None, "Chromium is not installed"
    chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    try:
        yield Browser(chromium)
    finally:
        chromium.close()


def seconds_until(page: Page, words: str, *, since: float, seconds_max: float = 10) -> float:
    """How long after `since` (time.monotonic) the words stood on the page."""
    page.get_by_text(words).first.wait_for(timeout=seconds_max * 1000)
    return time.monotonic() - since
