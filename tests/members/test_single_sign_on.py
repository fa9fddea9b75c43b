"""OpenID Connect: only members that exist come in, by an email the issuer has verified."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from tests.world import World

from kokemus.server.configuration import read_configuration, single_sign_on


class Issuer(ThreadingHTTPServer):
    """A provider on loopback that vouches for whoever `person` says."""

    person: dict[str, Any]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        if self.path.startswith("/.well-known/"):
            here = self.server.address
            self.answer(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/userinfo",
                    "jwks_uri": f"{here}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        else:
            self.answer(self.server.person)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer({"access_token": "a token", "token_type": "Bearer"})

    def answer(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    server = Issuer(("127.0.0.1", 0), Answers)
    settings.SOCIALACCOUNT_PROVIDERS = single_sign_on(
        read_configuration(
            {
                "KOKEMUS_OIDC_ISSUER": server.address,
                "KOKEMUS_OIDC_NAME": "Firma ID",
                "KOKEMUS_OIDC_CLIENT_ID": "us",
                "KOKEMUS_OIDC_CLIENT_SECRET": "a secret",
            }
        )
    )
    serve = {"poll_interval": 0.01}
    thread = threading.Thread(target=server.serve_forever, kwargs=serve, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def come_back(client: Client) -> Any:
    """Press the button, be vouched for, and return with the code."""
    sent = client.post("/account/oidc/single-sign-on/login/")
    query = parse_qs(urlsplit(sent["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    answer = {"state": query["state"][0], "code": "a code"}
    return client.get("/account/oidc/single-sign-on/login/callback/", answer)


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_the_sign_in_page_offers_it(issuer: Issuer, world: World, client: Client) -> None:
    assert "Firma ID" in client.get("/account/login/").content.decode()


def test_a_member_with_a_verified_email_comes_in(
    issuer: Issuer, world: World, client: Client
) -> None:
    issuer.person = {"sub": "1", "email": world.agent.email.upper(), "email_verified": True}
    password = world.agent.password
    assert come_back(client).status_code == 302
    assert is_in(client)
    world.agent.refresh_from_db()
    assert world.agent.password == password


@pytest.mark.parametrize(
    "person",
    [
        {"email": "nobody@acme.example", "email_verified": True},
        {"email": "{agent}", "email_verified": False},
        {"email": "{agent}"},
        {},
    ],
)
def test_anybody_else_is_turned_away_in_words(
    issuer: Issuer, world: World, client: Client, person: dict[str, Any]
) -> None:
    issuer.person = {"sub": "1", **person}
    if person.get("email") == "{agent}":
        issuer.person["email"] = world.agent.email
    response = come_back(client)
    assert (response.status_code, is_in(client)) == (403, False)
    assert "nobody has invited this email" in response.content.decode()


def test_a_deactivated_member_is_turned_away(issuer: Issuer, world: World, client: Client) -> None:
    issuer.person = {"sub": "1", "email": world.agent.email, "email_verified": True}
    world.agent.deactivate()
    assert come_back(client).status_code == 403
    assert not is_in(client)
