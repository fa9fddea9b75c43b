"""Mail. Sends one message by whatever the operator configured, and says why it could not."""

from __future__ import annotations

import smtplib
import ssl
import threading
from dataclasses import dataclass
from typing import Any

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives, get_connection


@dataclass(frozen=True, kw_only=True)
class Mail:
    """`message_id` is the same whenever the same message is sent again."""

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""


class MailFailed(Exception):
    """The message did not leave; later it may. `code` is one of `FAILURES`."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, " ".join(detail.split())
        super().__init__(f"{code}: {self.detail}".removesuffix(": "))


class MailRefused(MailFailed):
    """The message did not leave and never will: the address does not exist or is not one."""


FAILURES = (
    "address",
    "certificate",
    "disconnected",
    "login",
    "other",
    "refused",
    "timeout",
    "unreachable",
)


class Postman:
    """Sends mail from any thread; each thread keeps one connection until a failure or `close`."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._connections: list[Any] = []  # Django types each backend apart

    def send(self, mail: Mail) -> None:
        """Send one message; raises `MailFailed`, or `MailRefused` where no retry can help."""
        try:
            message = _compose(mail, connection=self._connection())
            message.send()
        except Exception as error:
            self._drop()
            raise _explain(error) from error

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._connections:
            _close_quietly(connection)
        self._connections.clear()

    def _connection(self) -> Any:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = get_connection()
            self._connections.append(connection)
            _open(connection)
        return connection

    def _drop(self) -> None:
        connection = getattr(self._own, "connection", None)
        self._own.connection = None
        if connection is not None:
            _close_quietly(connection)
            if connection in self._connections:
                self._connections.remove(connection)


def _open(connection: Any) -> None:
    try:
        connection.open()
    except UnicodeError as error:
        raise MailFailed("login", "the password has letters that SMTP cannot send") from error


def _compose(mail: Mail, *, connection: Any) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=mail.text,
        to=[mail.recipient],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={"Message-ID": mail.message_id},
        connection=connection,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _close_quietly(connection: Any) -> None:
    """Close what may be broken already. Django leaves the socket open when saying goodbye fails."""
    socket_owner = getattr(connection, "connection", None)
    try:
        connection.close()
    except (OSError, smtplib.SMTPException, AnymailError):
        if isinstance(socket_owner, smtplib.SMTP):
            socket_owner.close()


def _explain(error: Exception) -> MailFailed:
    match error:
        case MailFailed():
            return error
        case smtplib.SMTPRecipientsRefused(recipients=refusals):
            code, words = next(iter(refusals.values()))
            kind = MailRefused if code >= 500 else MailFailed
            return kind("address", f"{code} {_decode(words)}")
        case AnymailRecipientsRefused():
            return MailRefused("address", str(error))
        case smtplib.SMTPAuthenticationError(smtp_code=code, smtp_error=words):
            return MailFailed("login", f"{code} {_decode(words)}")
        case smtplib.SMTPServerDisconnected():
            return MailFailed("disconnected", str(error))
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return MailFailed("refused", f"{code} {_decode(words)}")
        case TimeoutError():
            return MailFailed("timeout", str(error))
        case ssl.SSLError():
            return MailFailed("certificate", str(error))
        case ConnectionResetError() | BrokenPipeError():
            return MailFailed("disconnected", str(error))
        case smtplib.SMTPException() | AnymailError():
            return MailFailed("refused", str(error))
        case OSError():
            return MailFailed("unreachable", str(error))
        case ValueError():
            return MailRefused("address", str(error))
    return MailFailed("other", f"{type(error).__name__}: {error}")


def _decode(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
