"""A real mail server on loopback, which can be told to misbehave."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass
class Inbox:
    """What came in; `refuse` and `slow` name recipients, `drop` counts messages to hang up on."""

    refuse: dict[str, str] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    drop: int = 0
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.drop:
            self.drop -= 1
            server.transport.close()
            return "421 Gone"
        await asyncio.sleep(max((self.slow.get(a, 0) for a in envelope.rcpt_tos), default=0))
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 Taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serve_mail(settings: Any, *, password: str = "") -> Iterator[Inbox]:
    """Run the server, and point Django's mail settings at it."""
    inbox, port = Inbox(), free_port()
    options: dict[str, Any] = {}
    if password:
        options = {
            "auth_required": True,
            "auth_require_tls": False,
            "authenticator": lambda *a: AuthResult(
                success=a[-1].password == password.encode(), handled=False
            ),
        }
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    settings.IS_MAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 1
    try:
        yield inbox
    finally:
        controller.stop()
