"""The interactive charts in a real browser, under the policy that every page has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import RequestFactory
from tests.ui.test_charts import make_ranking, make_trend

from kokemus.ui.bundle import build_vega_bundle

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PAGE = """{% extends "ui/base.html" %}{% load ui %}{% block content %}
{% for drawn in charts %}{% chart drawn %}{% endfor %}{% endblock %}"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_vega_bundle(tmp_path_factory.mktemp("static") / "ui" / "vega.js")


@pytest.fixture
def address(bundle: Path, settings: Any) -> Iterator[str]:
    """A page with two charts at an address of this machine, with the strict policy."""
    settings.ROOT_URLCONF = "tests.ui.test_templates"
    page = make_page()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/static/")
            found = bundle if path == "ui/vega.js" else finders.find(path) if path != "/" else None
            body = Path(str(found)).read_bytes() if found else page.encode()
            self.send_response(200)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Type", TYPES.get(Path(path).suffix, "text/html"))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def make_page() -> str:
    request = RequestFactory().get("/")
    charts = [make_trend(12), make_ranking(3)]
    return Template(PAGE).render(Context({"charts": charts, "request": request}))


def test_the_bundle_is_built_once(bundle: Path) -> None:
    before = bundle.stat().st_mtime_ns
    assert build_vega_bundle(bundle).stat().st_mtime_ns == before
    assert bundle.read_text("utf-8").startswith("(() => {")


def test_collectstatic_finds_the_bundle(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    finder = finders.get_finder("kokemus.ui.bundle.BundleFinder")
    assert [name for name, _ in finder.list([])] == ["ui/vega.js"]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_charts_become_interactive_under_the_policy(address: str) -> None:
    from playwright.sync_api import sync_playwright

    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(color_scheme="dark")
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        page.wait_for_selector("figure[data-chart=live] svg.marks[role=img]")
        page.locator("figure").nth(1).scroll_into_view_if_needed()
        page.wait_for_function("document.querySelectorAll('[data-chart=live]').length === 2")
        page.locator("line[aria-label*='Score: ']").nth(5).hover(force=True)
        page.wait_for_selector("#vg-tooltip-element.visible")
        tooltip = page.locator("#vg-tooltip-element").inner_text()
        browser.close()
    assert said == []
    assert "+40" in tooltip
