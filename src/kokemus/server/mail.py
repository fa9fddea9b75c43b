"""How mail leaves: KOKEMUS_EMAIL_URL as Django's and anymail's settings."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from kokemus.server.configuration import WrongSetting

TIMEOUT_SECONDS = 15
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for this address; without one, mail waits in the outbox."""
    parts = urlsplit(url)
    if not url:
        return {"IS_MAIL_CONFIGURED": False}
    return _anymail(parts) if parts.scheme == "anymail" else _smtp(parts)


def _smtp(parts: SplitResult) -> dict[str, Any]:
    if not parts.hostname:
        raise WrongSetting(
            "KOKEMUS_EMAIL_URL is (hidden), which names no host. "
            f"Allowed: {parts.scheme}://USER:PASSWORD@HOST:PORT."
        )
    return {
        "IS_MAIL_CONFIGURED": True,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }


def _anymail(parts: SplitResult) -> dict[str, Any]:
    provider = parts.netloc
    if not provider.isidentifier() or find_spec(f"anymail.backends.{provider}") is None:
        shown = f"'{provider}'" if provider.isidentifier() else "(hidden)"  # user:password@…
        raise WrongSetting(
            f"KOKEMUS_EMAIL_URL names the provider {shown}, which anymail does not know. "
            "Allowed: the name of a module in anymail.backends, such as mailgun or postmark."
        )
    options = {key.upper(): value for key, value in parse_qsl(parts.query)}
    return {
        "IS_MAIL_CONFIGURED": True,
        "EMAIL_BACKEND": f"anymail.backends.{provider}.EmailBackend",
        "ANYMAIL": {**options, "REQUESTS_TIMEOUT": TIMEOUT_SECONDS},
    }
