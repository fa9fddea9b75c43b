"""Every setting: its environment variable, what is allowed, and its default. No Django here."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from email.utils import getaddresses
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

PREFIX = "KOKEMUS_"
T = TypeVar("T")


class WrongSetting(ValueError):
    """A setting has a value that is not allowed; the message names it, the value and what is."""


def _setting(
    parse: Callable[[str], T], default: str, allowed: str, about: str, *, secret: bool = False
) -> Any:  # dataclasses.field() is typed as the field's value
    about_it = {"parse": parse, "default": default, "allowed": allowed, "about": about}
    return field(metadata={**about_it, "secret": secret})


def _text(value: str) -> str:
    return value


def _path(value: str) -> Path:
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:  # the home of somebody whom the system does not know
        raise ValueError from None


def _database_url(value: str) -> str:
    if value.startswith("postgresql://"):
        _check_postgresql(value)
    elif value and not re.match(r"sqlite:///.", value):
        raise ValueError
    return value


def _check_postgresql(value: str) -> None:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    parts = urlsplit(value)
    if parts.port == 0 or not parts.path.strip("/") or parts.fragment:
        raise ValueError  # reading the port raises it for what is no port
    try:
        conninfo_to_dict(value)
    except ProgrammingError:  # its words may hold the password
        raise ValueError from None


def _public_url(value: str) -> str:
    parts = _web_address(value)
    if parts.path not in {"", "/"}:
        raise ValueError
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _issuer(value: str) -> str:
    if not value:
        return value
    parts = _web_address(value)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise ValueError
    return value


def _web_address(value: str) -> SplitResult:
    parts = urlsplit(value)
    is_whole = parts.scheme in {"http", "https"} and parts.port != 0
    is_bare = not (parts.query or parts.fragment or "@" in parts.netloc)
    if (
        not is_whole
        or not is_bare
        or not re.fullmatch(r"[\w.-]+|[0-9a-f:.]+", parts.hostname or "")
    ):
        raise ValueError
    return parts


def _sender(value: str) -> str:
    """One address, with or without a name; a comma in an unquoted name would make it two."""
    found = getaddresses([value])
    if len(found) != 1 or not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", found[0][1]):
        raise ValueError
    return value


def _email_url(value: str) -> str:
    parts = urlsplit(value)
    if value and parts.scheme not in {"smtp", "smtps", "smtp+starttls", "anymail"}:
        raise ValueError
    if parts.port == 0:  # reading it raises ValueError for what is no port
        raise ValueError
    return value


def _secret_key(value: str) -> str:
    if value and len(value) < 32:
        raise ValueError
    return value


def _positive(value: str) -> int:
    number = _whole(value)
    if number < 1:
        raise ValueError
    return number


def _whole(value: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", value):  # int() takes more, such as 1_0
        raise ValueError
    return int(value)


def _addresses(value: str) -> tuple[str, ...]:
    from ipaddress import ip_network

    return tuple(str(ip_network(part.strip())) for part in value.split(",") if part.strip())


def _switch(value: str) -> bool:
    if value not in {"on", "off"}:
        raise ValueError
    return value == "on"


def _level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError
    return value.upper()


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What the operator decided, read once from the environment."""

    data_dir: Path = _setting(
        _path,
        "data",
        "a folder that can be written",
        "Where the database, column files and keys are",
    )
    database_url: str = _setting(
        _database_url,
        "",
        "sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME",
        "The system of record; without it, SQLite in the data folder",
        secret=True,
    )
    secret_key: str = _setting(
        _secret_key,
        "",
        "at least 32 characters",
        "Signs sessions and links; without it, one is made and kept in the data folder",
        secret=True,
    )
    public_url: str = _setting(
        _public_url,
        "http://127.0.0.1:8000",
        "http://HOST or https://HOST, without a path",
        "The address people use; links in mail and QR codes start with it",
    )
    email_url: str = _setting(
        _email_url,
        "",
        "smtp://, smtp+starttls:// or smtps://USER:PASSWORD@HOST:PORT, or anymail://PROVIDER?KEY=VALUE",
        "How mail leaves; without it, mail waits in the outbox",
        secret=True,
    )
    email_from: str = _setting(
        _sender,
        "Kokemus <kokemus@localhost>",
        "an address, with or without a name: NAME <NAME@HOST>",
        "Mail's sender",
    )
    oidc_issuer: str = _setting(
        _issuer,
        "",
        "https://HOST/PATH (http only at this machine)",
        "OpenID Connect: who vouches for members",
    )
    oidc_name: str = _setting(_text, "Single sign-on", "any text", "What the button says")
    oidc_client_id: str = _setting(_text, "", "any text", "OpenID Connect: our client id")
    oidc_client_secret: str = _setting(
        _text, "", "any text", "OpenID Connect: our client secret", secret=True
    )
    trusted_proxies: tuple[str, ...] = _setting(
        _addresses,
        "",
        "addresses or networks, separated by commas",
        "Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed",
    )
    key_rate: int = _setting(
        _positive, "6000", "a whole number above 0", "API requests a minute for one key"
    )
    address_rate: int = _setting(
        _positive,
        "600",
        "a whole number above 0",
        "Requests a minute from one address without a key",
    )
    capture_queue: int = _setting(
        _positive,
        "10000",
        "a whole number above 0",
        "Answers that may wait for the writer before callers are asked to come again",
    )
    web_processes: int = _setting(
        _whole,
        "0",
        "a whole number; 0 is one for each processor, four at most",
        "Processes that answer requests",
    )
    voikko: bool = _setting(
        _switch,
        "on",
        "on or off",
        "Whether Finnish words are looked up in Voikko where it is found",
    )
    metrics_token: str = _setting(
        _text,
        "",
        "any text",
        "Who sends it as bearer token may read /metrics; if not set, only this machine may",
        secret=True,
    )
    log_level: str = _setting(
        _level, "INFO", "DEBUG, INFO, WARNING or ERROR", "How much is written to the log"
    )

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'kokemus.sqlite3'}"

    @property
    def is_sqlite(self) -> bool:
        return self.resolved_database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https")


def variable_of(name: str) -> str:
    return PREFIX + name.upper()


def read_configuration(environ: Mapping[str, str]) -> Configuration:
    """Read every setting; raise `WrongSetting` for a wrong value or an unknown name."""
    known = {variable_of(item.name) for item in fields(Configuration)}
    secret = {variable_of(f.name) + "_FILE" for f in fields(Configuration) if f.metadata["secret"]}
    unknown = sorted(n for n in environ if n.startswith(PREFIX) and n not in known | secret)
    if unknown:
        raise WrongSetting(
            f"{unknown[0]} is not a setting of Kokemus. Settings: {', '.join(sorted(known))}."
        )
    values = {item.name: _read(environ, item.name, item.metadata) for item in fields(Configuration)}
    return Configuration(**values)


def _read(environ: Mapping[str, str], name: str, about: Mapping[str, Any]) -> Any:
    """The value of one setting; a variable that is empty counts as not set."""
    variable = variable_of(name)
    value = environ.get(variable, "")
    if about["secret"] and not value.strip() and (path := environ.get(variable + "_FILE")):
        value = _read_secret(variable + "_FILE", path)
    text = value if value.strip() else about["default"]
    try:
        return about["parse"](text)
    except ValueError:
        shown = "(hidden)" if about["secret"] else repr(text)
        raise WrongSetting(f"{variable} is {shown}. Allowed: {about['allowed']}.") from None


def _read_secret(variable: str, path: str) -> str:
    try:
        value = Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise WrongSetting(
            f"{variable} is {path!r}, which cannot be read ({reason}). Allowed: a file."
        ) from None
    if not value:
        raise WrongSetting(f"{variable} is {path!r}, which is empty. Allowed: a file with a value.")
    return value


def single_sign_on(configuration: Configuration) -> dict[str, Any]:
    """The OpenID Connect provider in the form that allauth reads; empty without an issuer."""
    if not configuration.oidc_issuer:
        return {}
    app = {
        "provider_id": "single-sign-on",
        "name": configuration.oidc_name,
        "client_id": configuration.oidc_client_id,
        "secret": configuration.oidc_client_secret,
        "settings": {"server_url": configuration.oidc_issuer},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def secret_key(configuration: Configuration) -> str:
    """The signing key: the setting, or one made once and kept in the data folder."""
    if configuration.secret_key:
        return configuration.secret_key
    path = configuration.data_dir / "secret_key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "x", opener=_private) as stream:
            stream.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise WrongSetting(
            f"KOKEMUS_DATA_DIR is '{configuration.data_dir}', which cannot be written "
            f"({error.strerror}). Allowed: a folder that can be written."
        ) from None
    return _wait_for_key(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _wait_for_key(path: Path) -> str:
    """Another process may be between creating the file and writing it."""
    import time

    for _ in range(100):
        if text := path.read_text("utf-8").strip():
            return text
        time.sleep(0.01)
    raise WrongSetting(f"{path} is empty. Delete it, and a new key is made at the next start.")


@cache
def configuration() -> Configuration:
    """The configuration of this process."""
    return read_configuration(os.environ)
