from dataclasses import fields
from pathlib import Path

import pytest

from kokemus.server.configuration import (
    Configuration,
    WrongSetting,
    read_configuration,
    secret_key,
    variable_of,
)

pytestmark = pytest.mark.server

WRONG = {
    "KOKEMUS_DATABASE_URL": "mysql://here/name",
    "KOKEMUS_SECRET_KEY": "short",
    "KOKEMUS_PUBLIC_URL": "https://kokemus.example.com/path",
    "KOKEMUS_EMAIL_URL": "ftp://mail",
    "KOKEMUS_TRUSTED_PROXIES": "10.0.0.0/8, nobody",
    "KOKEMUS_KEY_RATE": "0",
    "KOKEMUS_ADDRESS_RATE": "many",
    "KOKEMUS_CAPTURE_QUEUE": "-1",
    "KOKEMUS_VOIKKO": "maybe",
    "KOKEMUS_LOG_LEVEL": "LOUD",
}
SECRET = {"KOKEMUS_DATABASE_URL", "KOKEMUS_SECRET_KEY", "KOKEMUS_EMAIL_URL"}


MORE_WRONG = [
    ("KOKEMUS_DATA_DIR", "~nobody-of-this-name/data"),
    ("KOKEMUS_DATABASE_URL", "postgresql://u:p@host:notaport/db"),
    ("KOKEMUS_DATABASE_URL", "postgresql://u:p@host:99999/db"),
    ("KOKEMUS_DATABASE_URL", "postgresql://localhost"),
    ("KOKEMUS_DATABASE_URL", "postgresql://u:p@host/db?surprise=1"),
    ("KOKEMUS_PUBLIC_URL", "http://h:99999"),
    ("KOKEMUS_PUBLIC_URL", "https://ex.com?x=1"),
    ("KOKEMUS_PUBLIC_URL", "https://ex ample.com"),
    ("KOKEMUS_PUBLIC_URL", "https://:443"),
    ("KOKEMUS_OIDC_ISSUER", "notaurl"),
    ("KOKEMUS_OIDC_ISSUER", "http://issuer.example.com"),
    ("KOKEMUS_EMAIL_FROM", "not an address"),
    ("KOKEMUS_EMAIL_FROM", "Example, Ltd <service@example.com>"),
    ("KOKEMUS_EMAIL_URL", "smtp://u:p@host:notaport"),
    ("KOKEMUS_KEY_RATE", "1_0"),
    ("KOKEMUS_WEB_PROCESSES", "+2"),
]


@pytest.mark.parametrize(("variable", "value"), [*WRONG.items(), *MORE_WRONG])
def test_a_wrong_value_is_named_with_what_is_allowed(variable: str, value: str) -> None:
    with pytest.raises(WrongSetting) as wrong:
        read_configuration({variable: value})
    about = next(f.metadata for f in fields(Configuration) if variable_of(f.name) == variable)
    shown = "(hidden)" if variable in SECRET else repr(value)
    assert str(wrong.value) == f"{variable} is {shown}. Allowed: {about['allowed']}."


def test_an_unknown_variable_stops_the_start() -> None:
    with pytest.raises(WrongSetting, match=r"KOKEMUS_PUBLIC_ULR is not a setting of Kokemus"):
        read_configuration({"KOKEMUS_PUBLIC_ULR": "http://here"})


def test_other_programs_variables_are_left_alone() -> None:
    assert read_configuration({"PATH": "/bin", "LOG_LEVEL": "LOUD"}).log_level == "INFO"


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("k" * 40 + "\n")
    assert read_configuration({"KOKEMUS_SECRET_KEY_FILE": str(path)}).secret_key == "k" * 40


def test_a_secret_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(WrongSetting) as wrong:
        read_configuration({"KOKEMUS_SECRET_KEY_FILE": "/nowhere/key"})
    assert str(wrong.value) == (
        "KOKEMUS_SECRET_KEY_FILE is '/nowhere/key', which cannot be read"
        " (No such file or directory). Allowed: a file."
    )


def test_a_secret_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"\xff" * 40)
    with pytest.raises(WrongSetting) as wrong:
        read_configuration({"KOKEMUS_SECRET_KEY_FILE": str(path)})
    assert str(wrong.value) == (
        f"KOKEMUS_SECRET_KEY_FILE is '{path}', which cannot be read (it is not UTF-8)."
        " Allowed: a file."
    )


@pytest.mark.parametrize("variable", ["KOKEMUS_SECRET_KEY_FILE", "KOKEMUS_METRICS_TOKEN_FILE"])
def test_a_secret_file_that_is_empty_is_named(variable: str, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("\n")
    with pytest.raises(WrongSetting) as wrong:
        read_configuration({variable: str(path)})
    assert (
        str(wrong.value) == f"{variable} is '{path}', which is empty. Allowed: a file with a value."
    )


@pytest.mark.parametrize("empty", ["", " "])
def test_a_variable_that_is_empty_counts_as_not_set(empty: str) -> None:
    variables = {variable_of(item.name): empty for item in fields(Configuration)}
    assert read_configuration(variables) == read_configuration({})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KOKEMUS_DATABASE_URL", "postgresql://u:p%40@host:5432/db?sslmode=require"),
        ("KOKEMUS_DATABASE_URL", "postgresql:///db"),
        ("KOKEMUS_PUBLIC_URL", "http://[fd00::1]:8000"),
        ("KOKEMUS_OIDC_ISSUER", "https://issuer.example.com/realms/a"),
        ("KOKEMUS_OIDC_ISSUER", "http://127.0.0.1:9000"),
        ("KOKEMUS_EMAIL_FROM", '"Example, Ltd" <service@example.com>'),
        ("KOKEMUS_EMAIL_FROM", "service@example.com"),
    ],
)
def test_a_right_value_is_taken_as_it_is(variable: str, value: str) -> None:
    chosen = read_configuration({variable: value})
    assert getattr(chosen, variable.removeprefix("KOKEMUS_").lower()) == value


def test_the_public_url_is_kept_as_browsers_write_it() -> None:
    chosen = read_configuration({"KOKEMUS_PUBLIC_URL": "HTTPS://Kokemus.Example.com/"})
    assert (chosen.public_url, chosen.is_https) == ("https://kokemus.example.com", True)


def test_what_is_no_secret_has_no_file() -> None:
    with pytest.raises(WrongSetting, match="KOKEMUS_PUBLIC_URL_FILE is not a setting"):
        read_configuration({"KOKEMUS_PUBLIC_URL_FILE": "/tmp/url"})


def test_the_signing_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    chosen = read_configuration({"KOKEMUS_DATA_DIR": str(tmp_path / "data")})
    first, second = secret_key(chosen), secret_key(chosen)
    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600
