"""The second factor: codes from an app, recovery codes, and passkeys in a real browser."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from tests.world import PASSWORD, World

from kokemus.store.models import AuditEntry, Member

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def sign_in(client: Client, member: Member) -> Any:
    return client.post("/account/login/", {"login": member.email, "password": PASSWORD})


def sign_in_twice(client: Client, member: Member) -> None:
    """Sign in, and give the password once more, as changing how one signs in asks for."""
    sign_in(client, member)
    client.post("/account/reauthenticate/", {"password": PASSWORD})


def start_app(client: Client, member: Member) -> str:
    """Sign in and start using an app; return its secret."""
    sign_in_twice(client, member)
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert secret
    client.post("/account/2fa/totp/activate/", {"code": code_of(secret[1])})
    return secret[1]


@pytest.mark.parametrize("path", ["/account/reauthenticate/", "/account/2fa/reauthenticate/"])
def test_who_has_no_password_is_told_so_in_their_language(
    world: World, client: Client, path: str
) -> None:
    world.agent.set_unusable_password()
    world.agent.language = "fi"
    world.agent.save()
    client.force_login(world.agent)
    answer = client.get(path)
    assert answer.status_code == 403
    assert "Tässä kysyttäisiin salasanaasi, mutta kirjaudut ilman" in answer.content.decode()


def test_after_the_password_a_code_is_asked_for(world: World, client: Client) -> None:
    start_app(client, world.agent)
    codes = re.findall(r"\b\d{8}\b", client.get("/account/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10
    fresh = Client()
    assert sign_in(fresh, world.agent)["Location"] == "/account/2fa/authenticate/"
    assert fresh.get("/profile/").status_code == 302
    wrong = fresh.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "The code is not right" in wrong.content.decode()
    assert AuditEntry.objects.get(action="sign_in_failed").subject == world.agent.email
    fresh.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert fresh.get("/profile/").status_code == 200
    again = Client()
    sign_in(again, world.agent)
    again.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert again.get("/profile/").status_code == 302


def test_the_picture_for_the_app_is_an_image(world: World, client: Client) -> None:
    import base64

    sign_in_twice(client, world.agent)
    page = client.get("/account/2fa/totp/activate/").content.decode()
    drawing = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert drawing
    assert base64.b64decode(drawing[1]).startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')


def test_changing_how_one_signs_in_asks_for_the_password_again(
    world: World, client: Client
) -> None:
    sign_in(client, world.agent)
    assert "/reauthenticate/" in client.get("/account/2fa/totp/activate/")["Location"]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="needs Chromium")
def test_a_passkey_is_added_and_lets_in(tmp_path: Path) -> None:
    """Under the content security policy, with a virtual authenticator."""
    from playwright.sync_api import sync_playwright
    from tests.serving import running_kokemus

    with running_kokemus(tmp_path) as kokemus, sync_playwright() as playwright:
        base = kokemus.base_url.replace("127.0.0.1", "localhost")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(locale="en-GB")
        complaints: list[str] = []
        page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.goto(base)
        page.get_by_label("Organisation").fill("Acme")
        page.get_by_label("Your name").fill("Ann")
        page.get_by_label("Your email").fill("ann@acme.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Begin").click()
        page.goto(f"{base}/account/2fa/webauthn/add/")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Add a passkey").click()
        page.wait_for_url(f"{base}/account/2fa/recovery-codes/")
        page.goto(f"{base}/account/logout/")
        page.locator("main").get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(lambda url: "/account/" not in url)
        page.goto(f"{base}/profile/")
        assert page.get_by_role("heading", level=1).inner_text() == "Your own settings"
        assert complaints == []
        browser.close()
