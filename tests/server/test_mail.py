"""One address of the mail server becomes Django's and anymail's settings."""

from __future__ import annotations

import pytest

from kokemus.server.configuration import WrongSetting, read_configuration
from kokemus.server.mail import mail_settings


def test_without_an_address_mail_waits() -> None:
    assert mail_settings("") == {"IS_MAIL_CONFIGURED": False}


@pytest.mark.parametrize(
    ("url", "port", "is_tls", "is_ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+starttls://mail.example", 587, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtp://mail.example:2525", 2525, False, False),
    ],
)
def test_smtp_addresses(url: str, port: int, is_tls: bool, is_ssl: bool) -> None:
    found = mail_settings(url)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (is_tls, is_ssl)
    assert found["EMAIL_TIMEOUT"] == 15


def test_user_and_password_are_unquoted() -> None:
    found = mail_settings("smtp://aino%40acme.example:sala%2Fsana@mail.example")
    assert found["EMAIL_HOST_USER"] == "aino@acme.example"
    assert found["EMAIL_HOST_PASSWORD"] == "sala/sana"


def test_anymail_providers_take_their_settings_from_the_query() -> None:
    found = mail_settings("anymail://mailgun?mailgun_api_key=secret&MAILGUN_API_URL=https://x")
    assert found["EMAIL_BACKEND"] == "anymail.backends.mailgun.EmailBackend"
    assert found["ANYMAIL"] == {
        "MAILGUN_API_KEY": "secret",
        "MAILGUN_API_URL": "https://x",
        "REQUESTS_TIMEOUT": 15,
    }


@pytest.mark.parametrize("url", ["smtp://", "anymail://pigeon", "anymail://..", "smtps:///x"])
def test_an_address_that_leads_nowhere_stops_the_start(url: str) -> None:
    with pytest.raises(WrongSetting, match="KOKEMUS_EMAIL_URL"):
        mail_settings(url)


def test_a_port_that_is_none_stops_the_start() -> None:
    with pytest.raises(WrongSetting, match=r"KOKEMUS_EMAIL_URL is \(hidden\)"):
        read_configuration({"KOKEMUS_EMAIL_URL": "smtp://mail.example:x"})


def test_a_password_in_the_providers_place_is_not_shown() -> None:
    with pytest.raises(WrongSetting) as wrong:
        mail_settings("anymail://aino:sala@postmark")
    assert "sala" not in str(wrong.value)
