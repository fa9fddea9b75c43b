"""Chromium, and Kokemus running with a mail server, for the stories in a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.serving import MailServer, RunningKokemus, running_kokemus, running_mail_server

if TYPE_CHECKING:
    from tests.journeys.browsing import Browser

# Many pages come from one address in a few seconds, which is not what the limit is for.
PATIENT = {"KOKEMUS_ADDRESS_RATE": "1000000"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium; the story is skipped where there is none, but not under CI."""
    from playwright.sync_api import sync_playwright
    from tests.journeys.browsing import find_chromium, running_chromium

    if find_chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright, running_chromium(playwright) as running:
        yield running


@pytest.fixture(scope="module")
def mails() -> Iterator[MailServer]:
    """A real SMTP server on loopback, one for all stories of a module."""
    with running_mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def kokemus(
    mails: MailServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningKokemus]:
    """`kokemus serve` on an empty database, one for all stories of a module."""
    environment = {**PATIENT, "KOKEMUS_EMAIL_URL": mails.url}
    with running_kokemus(tmp_path_factory.mktemp("kokemus"), environment=environment) as running:
        yield running


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningKokemus]:
    """`kokemus serve` on what `kokemus demo --load-only` has loaded."""
    with running_kokemus(tmp_path_factory.mktemp("demo"), environment=PATIENT) as running:
        running.run("demo", "--load-only")
        yield running
