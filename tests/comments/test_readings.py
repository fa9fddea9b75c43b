"""What a comment is read as, whole and in its parts."""

import subprocess
import sys

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from kokemus.comments import ColumnTaken, NoSuchColumn, read_comments, read_frame
from kokemus.comments.readings import COMMENTS_AT_ONCE, Reading

MIXED = "Asentaja oli todella ystävällinen, mutta lasku oli aivan liian kallis."
PERSONAL = "Soittakaa Maija Virtaselle, 040 555 1234! Palvelu oli erinomaista."


def read(comment: str, expected: str = "") -> Reading:
    return read_comments([comment], expected=expected)[0]


def test_a_comment_that_praises_and_blames_is_read_by_statements() -> None:
    reading = read(MIXED)
    praise, blame = reading.statements
    assert (MIXED[slice(*praise.span)], MIXED[slice(*blame.span)]) == (
        "Asentaja oli todella ystävällinen,",
        "mutta lasku oli aivan liian kallis.",
    )
    assert (praise.label, blame.label) == ("positive", "negative")
    assert ("staff" in praise.themes, "price" in praise.themes) == (True, False)
    assert ("staff" in blame.themes, "price" in blame.themes) == (False, True)
    assert {"staff", "price"} <= set(reading.themes)


def test_the_evidence_stands_in_the_comment_and_says_of_what() -> None:
    evidence = read(MIXED).evidence
    by_kind = {kind: [each for each in evidence if each.kind == kind] for _, _, kind, _ in evidence}
    assert "lasku" in [MIXED[slice(*each.span)] for each in by_kind["theme:price"]]
    felt = {MIXED[slice(*each.span)]: each.weight for each in by_kind["sentiment"]}
    assert felt["ystävällinen"] > 0
    (strongest, *_) = read("Aivan surkea palvelu").evidence
    assert (strongest.span, strongest.kind, strongest.weight < 0) == ((6, 12), "sentiment", True)


def test_personal_data_is_hidden_and_read_for_nothing() -> None:
    reading = read(PERSONAL)
    assert reading.redacted == "Soittakaa [nimi], [puhelinnumero]! Palvelu oli erinomaista."
    assert [(PERSONAL[start:end], kind) for start, end, kind in reading.personal] == [
        ("Maija Virtaselle", "name"),
        ("040 555 1234", "phone"),
    ]
    assert reading.lemmas == ("soittaa", "palvelu", "olla", "erinomainen")
    last = reading.statements[-1]
    assert PERSONAL[slice(*last.span)] == "Palvelu oli erinomaista."
    hidden = [PERSONAL[slice(*each.span)] for each in reading.evidence]
    assert not {"Maija", "Virtaselle"} & set(hidden)


def test_names_that_are_given_are_hidden_too() -> None:
    hidden = read_comments(["Kvasimodon palvelu oli hyvää"], names=["Kvasimodo"])[0]
    assert hidden.redacted == "[nimi] palvelu oli hyvää"
    assert read("Kvasimodon palvelu oli hyvää").redacted == "Kvasimodon palvelu oli hyvää"


def test_each_comment_is_read_in_its_own_language() -> None:
    texts = [
        "Hyvä palvelu, kiitos",
        "Väldigt dålig service",
        "Friendly staff and fair prices",
        "ok",
    ]
    readings = read_comments(texts, expected=["fi", "fi", "fi", "sv"])
    assert [each.language for each in readings] == ["fi", "sv", "en", "sv"]
    assert [each.label for each in readings[:3]] == ["positive", "negative", "positive"]
    with pytest.raises(ValueError):
        read_comments(texts, expected=["fi"])


def test_nothing_reads_as_nothing() -> None:
    empty, missing, marks = read_comments(["", None, " !!! "])
    assert empty == missing
    assert (empty.label, empty.sentiment, empty.probability) == ("neutral", 0, 0)
    for reading in (empty, missing, marks):
        assert (reading.language, reading.is_unsure) == ("", True)
        assert (reading.themes, reading.statements, reading.evidence) == ((), (), ())


def test_many_comments_read_as_one_by_one() -> None:
    texts = [MIXED, PERSONAL, "👍", "Ei toimi"] * (COMMENTS_AT_ONCE // 4 + 1)
    assert read_comments(texts)[-4:] == read_comments(texts[:4])


KINDS = {
    "polars": pl.DataFrame,
    "polars-lazy": pl.LazyFrame,
    "pandas": pd.DataFrame,
    "pyarrow": pa.table,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_of_any_kind_gets_its_readings(kind: str) -> None:
    frame = KINDS[kind]({"answer": ["Hyvä palvelu", None, PERSONAL], "score": [9, 3, 10]})
    read_one = read_frame(frame, "answer", expected="fi", prefix="read_")
    opened = nw.from_native(read_one, eager_only=True)
    assert opened.implementation.value.startswith(kind.partition("-")[0])
    assert opened.columns[:4] == ["answer", "score", "read_language", "read_sentiment"]
    assert opened["read_label"].to_list()[0] == "positive"
    assert opened["read_unsure"].is_null().to_list() == [False, True, False]
    assert opened["read_redacted"].to_list()[2] == read(PERSONAL).redacted
    assert opened["read_themes"].to_list()[2] == " ".join(read(PERSONAL).themes)


def test_a_frame_without_the_column_or_with_ours_is_refused() -> None:
    with pytest.raises(NoSuchColumn, match="there is no column 'text'; the columns: comment, lang"):
        read_frame(pl.DataFrame({"comment": ["a"], "lang": ["fi"]}), "text")
    with pytest.raises(ColumnTaken, match="'language' already; give a prefix"):
        read_frame(pl.DataFrame({"comment": ["a"], "language": ["fi"]}))


def test_an_empty_frame_gets_empty_columns() -> None:
    found = read_frame(pl.DataFrame({"comment": []}, schema={"comment": pl.String}))
    assert (found.height, found["sentiment"].dtype) == (0, pl.Float64)


def test_importing_the_package_brings_nothing_heavy() -> None:
    code = (
        "import sys, kokemus.comments, kokemus.comments.readings;"
        "print([name for name in ('numpy', 'simplemma', 'py3langid', 'sklearn', 'django',"
        " 'phonenumbers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_learns_nothing_and_brings_neither_django_nor_scikit_learn() -> None:
    code = (
        "import sys; from kokemus.comments import read_comments;"
        "read_comments(['Hyvä palvelu, terveisin Maija Virtanen'])[0].evidence;"
        "print([name for name in ('sklearn', 'django', 'scipy', 'polars') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
