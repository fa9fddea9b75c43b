"""Mail leaves by real SMTP, and a failure says what it was."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from tests.channels.mail_server import Inbox, free_port, serve_mail

from kokemus.channels.email import FAILURES, Mail, MailFailed, MailRefused, Postman


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    with serve_mail(settings) as inbox:
        yield inbox


@pytest.fixture
def postman() -> Iterator[Postman]:
    postman = Postman()
    yield postman
    postman.close()


def mail(recipient: str = "aino@acme.example", **values: str) -> Mail:
    content = {"message_id": "<1@acme>", "subject": "Hei", "text": "Käy\npian"}
    return Mail(**{"recipient": recipient, **content, **values})


def test_a_message_arrives_as_written(inbox: Inbox, postman: Postman) -> None:
    postman.send(mail(html="<p>Käy</p>", reply_to="tiimi@acme.example", subject="Äyskäri\n2"))
    message = inbox.messages[0]
    headers = ("To", "Subject", "Message-ID", "Reply-To", "From")
    assert [message[name] for name in headers] == [
        "aino@acme.example",
        "Äyskäri 2",
        "<1@acme>",
        "tiimi@acme.example",
        "Kokemus <kokemus@localhost>",
    ]
    text, html = message.iter_parts()
    assert text.get_content().splitlines() == ["Käy", "pian"]
    assert html.get_content().strip() == "<p>Käy</p>"


def test_a_refused_address_is_refused_for_good(inbox: Inbox, postman: Postman) -> None:
    inbox.refuse["nobody@acme.example"] = "550 No such user here"
    with pytest.raises(MailRefused, match="address: 550 No such user here"):
        postman.send(mail("nobody@acme.example"))
    postman.send(mail())
    assert len(inbox.messages) == 1


def test_a_full_mailbox_may_be_tried_again(inbox: Inbox, postman: Postman) -> None:
    inbox.refuse["full@acme.example"] = "452 Mailbox full"
    with pytest.raises(MailFailed) as caught:
        postman.send(mail("full@acme.example"))
    assert (type(caught.value), caught.value.code) == (MailFailed, "address")


def test_a_slow_server_is_given_up(inbox: Inbox, postman: Postman) -> None:
    inbox.slow["aino@acme.example"] = 1.5
    with pytest.raises(MailFailed, match=r"timeout|disconnected"):
        postman.send(mail())


def test_a_server_that_hangs_up_is_called_again(inbox: Inbox, postman: Postman) -> None:
    inbox.drop = 1
    with pytest.raises(MailFailed, match="disconnected"):
        postman.send(mail())
    postman.send(mail())
    assert len(inbox.messages) == 1


def test_an_absent_server_is_unreachable(settings: Any, postman: Postman) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with pytest.raises(MailFailed) as caught:
        postman.send(mail())
    assert caught.value.code == "unreachable"


@pytest.mark.parametrize("password", ["wrong", "väärä"])
def test_a_wrong_password_is_told(settings: Any, postman: Postman, password: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the test server asks for no TLS
        with serve_mail(settings, password="oikea"):
            settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "kokemus", password
            with pytest.raises(MailFailed) as caught:
                postman.send(mail())
    assert caught.value.code == "login"


def test_what_is_no_address_is_refused(inbox: Inbox, postman: Postman) -> None:
    with pytest.raises(MailRefused) as caught:
        postman.send(mail("aino@acme.example\nbcc: all@acme.example"))
    assert caught.value.code in FAILURES
