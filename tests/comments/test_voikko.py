"""Voikko as a plugin: with it, without it, and that nothing else changes."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from kokemus.comments import voikko
from kokemus.comments.lemmas import split_compound

has_voikko = find_spec("libvoikko") is not None and voikko.open_voikko() is not None
with_voikko = pytest.mark.skipif(not has_voikko, reason="libvoikko is not installed here")

READ = """
from kokemus.comments.lemmas import lemmatise, split_compound
print([lemmatise(word, language="fi") for word in ("pakkauseriin", "reittiopas", "jonotin")])
print(split_compound("toimitusaika"))
"""


@with_voikko
def test_a_compound_is_cut_where_its_parts_meet() -> None:
    assert split_compound("toimitusajoista") == ["toimitus", "aika"]
    assert split_compound("Sairaanhoitopalvelut") == ["sairaan", "hoito", "palvelu"]
    assert split_compound("jono") == ["jono"]
    assert split_compound("qwxz") == []


@with_voikko
def test_an_unknown_word_has_no_lemma_in_voikko() -> None:
    found = voikko.open_voikko()
    assert found is not None
    assert (found.lemma("pakkauseriin"), found.lemma("qwxz")) == ("pakkauserä", None)


def test_a_dictionary_that_is_not_there_is_no_voikko() -> None:
    assert voikko.open_voikko("xx") is None


def test_without_voikko_the_words_are_read_all_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ],
        env={voikko.VARIABLE: "off"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["['pakkauserä', 'reittiopas', 'jonottaa']", "[]"]


def test_without_the_package_there_is_no_voikko(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libvoikko", None)
    assert voikko.open_voikko() is None
