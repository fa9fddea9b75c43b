"""`kokemus key create` prints a key that opens, once, and says why not otherwise."""

from __future__ import annotations

import pytest
from tests.world import World

from kokemus import cli
from kokemus.cli.key import CannotCreate, create_key
from kokemus.store.models import ApiKey, AuditEntry


def ask(*more: str, scopes: str = "encounters:write") -> str:
    parser = cli.build_parser()
    return create_key(
        parser.parse_args(["key", "create", "--name", "Till", "--scopes", scopes, *more])
    )


def test_key_create_prints_a_key_that_opens(world: World) -> None:
    key = ask(scopes="encounters:write, responses:write")
    row = ApiKey.objects.get()
    assert ApiKey.objects.find(key) == row
    assert (row.organisation, row.name, row.scopes) == (
        world.organisation,
        "Till",
        ["encounters:write", "responses:write"],
    )
    assert AuditEntry.objects.get(action="key_created").subject == "Till"


def test_key_create_asks_which_of_several_organisations(world: World, other_world: World) -> None:
    with pytest.raises(CannotCreate, match="Choose with --organisation"):
        ask()
    ask("--organisation", other_world.organisation.name)
    assert ApiKey.objects.get().organisation == other_world.organisation


@pytest.mark.parametrize(
    ("more", "scopes", "words"),
    [
        ((), "everything", "'everything' is not a scope"),
        ((), " , ", "--scopes is empty"),
        (("--organisation", "Nobody"), "encounters:write", "There is no organisation 'Nobody'"),
    ],
)
def test_key_create_says_what_is_wrong(
    world: World, more: tuple[str, ...], scopes: str, words: str
) -> None:
    with pytest.raises(CannotCreate, match=words):
        ask(*more, scopes=scopes)
    assert not ApiKey.objects.exists()


def test_key_create_needs_an_organisation(db: None) -> None:
    with pytest.raises(CannotCreate, match="There is no organisation yet"):
        ask()
