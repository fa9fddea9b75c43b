"""Arguments that must be given though they stand after ones that have a default."""

from typing import TypeVar

T = TypeVar("T")


def given(value: T | None, function: str, name: str) -> T:
    """Return the value, or raise where there is none."""
    if value is None:
        raise lacking(function, name)
    return value


def lacking(function: str, name: str) -> TypeError:
    """Make the error that says what was left out."""
    return TypeError(f"{function}() needs {name}=; it has no default")
