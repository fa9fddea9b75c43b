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


@pytest.mark.parametrize(("variable", "value"), WRONG.items())
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


def test_what_is_no_secret_has_no_file() -> None:
    with pytest.raises(WrongSetting, match="KOKEMUS_PUBLIC_URL_FILE is not a setting"):
        read_configuration({"KOKEMUS_PUBLIC_URL_FILE": "/tmp/url"})


def test_the_signing_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    chosen = read_configuration({"KOKEMUS_DATA_DIR": str(tmp_path / "data")})
    first, second = secret_key(chosen), secret_key(chosen)
    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600
