"""`kokemus comments` on real files."""

import io
import json
import subprocess
import sys
from pathlib import Path
from random import Random

import polars as pl
import pyreadstat
import pytest
from tests.comments.talk import TALK

from kokemus.cli import main
from kokemus.cli.comments import ROWS_AT_ONCE, show_progress
from kokemus.comments import SentimentModel
from kokemus.simulate.comments import write_comment

COMMENTS = [
    "Erinomaista palvelua, kiitos Maija Virtanen!",
    "Fakturan var fel och ingen svarade i telefon",
    "",
    "10/10",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    pl.DataFrame({"score": [10, 2, 8, 10], "comment": COMMENTS}).write_csv(path, separator=";")
    return path


def test_each_row_is_one_line_of_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["comments", str(file), "--text", "comment", "--language", "fi", "--json"]) == 0
    printed = capsys.readouterr()
    praise, blame, empty, mark = map(json.loads, printed.out.splitlines())
    assert list(praise) == ["language", "sentiment", "label", "unsure", "themes", "redacted"]
    assert (praise["language"], praise["label"], praise["unsure"]) == ("fi", "positive", False)
    assert praise["redacted"] == "Erinomaista palvelua, kiitos [nimi]!"
    assert (blame["language"], blame["label"]) == ("sv", "negative")
    assert "price" in blame["themes"]
    assert -1 <= blame["sentiment"] < 0 < praise["sentiment"] <= 1
    assert (empty["sentiment"], empty["label"], empty["unsure"]) == (0, "neutral", True)
    assert mark["language"] == "fi"
    assert printed.err == ""


def test_without_json_the_file_is_summed_up(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["comments", str(file), "--text", "comment"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "3 comments in the 4 rows of answers.csv",
        "Languages: fi 1, sv 1, unknown 1",
        "Feelings (95 % interval):",
    ]
    assert lines[3] == "  negative        1   33.3 % (6.1 to 79.2)"
    assert any(line.startswith("  Price") and line.endswith(", 1 negative") for line in lines)
    assert lines[-1].endswith("in 1 comments")


@pytest.mark.parametrize("kind", ["parquet", "sav"])
def test_other_kinds_of_files_are_read(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"answers.{kind}"
    frame = pl.DataFrame({"comment": ["Hyvä palvelu", "Kallis"]})
    frame.write_parquet(path) if kind == "parquet" else pyreadstat.write_sav(frame, str(path))
    assert main(["comments", str(path), "--text", "comment", "--json"]) == 0
    labels = [json.loads(line)["label"] for line in capsys.readouterr().out.splitlines()]
    assert labels == ["positive", "negative"]


def test_a_column_of_numbers_is_read_as_text(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["comments", str(file), "--text", "score", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_a_column_that_is_not_there_is_named_with_those_that_are(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["comments", str(file), "--text", "coment", "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        "kokemus comments: there is no column 'coment'; the columns: score, comment\n"
    )


def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["comments", str(tmp_path / "no.csv"), "--text", "comment"]) == 2
    assert capsys.readouterr().err == (
        f"kokemus comments: the file {tmp_path / 'no.csv'} is not there\n"
    )
    (tmp_path / "answers.doc").write_text("comment\nok\n")
    assert main(["comments", str(tmp_path / "answers.doc"), "--text", "comment"]) == 2
    assert "of no known kind" in capsys.readouterr().err


def test_a_file_without_comments_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text('comment,score\n"",1\n')
    assert main(["comments", str(path), "--text", "comment"]) == 0
    assert capsys.readouterr().out == "0 comments in the 1 rows of answers.csv\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_shown_how_far_it_is() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        show_progress(stream, 1_000, of=2_500, seconds=0.5)
        show_progress(stream, 2_500, of=2_500, seconds=1)
    assert terminal.getvalue() == (
        "\r1,000 of 2,500 comments read, 2,000 a second"
        "\r2,500 of 2,500 comments read, 2,500 a second\n"
    )
    assert pipe.getvalue() == ""


def test_lines_come_as_they_are_read_and_may_be_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("comment\n" + "Hyvä palvelu mutta pitkä jono\n" * (ROWS_AT_ONCE * 4))
    command = ["comments", str(path), "--text", "comment", "--json"]
    with subprocess.Popen(
        [sys.executable, "-c", f"from kokemus.cli import main; raise SystemExit(main({command}))"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["language"] == "fi"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_one_column_may_hold_commas_without_quotes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answers.txt"
    path.write_text('comment\nNopea, halpa, hyvä\n"Kallis, ""hidas"" ja\nhuono"\n')
    assert main(["comments", str(path), "--text", "comment", "--json"]) == 0
    found = [json.loads(line)["redacted"] for line in capsys.readouterr().out.splitlines()]
    assert found == ["Nopea, halpa, hyvä", 'Kallis, "hidas" ja\nhuono']


@pytest.fixture
def forum(tmp_path: Path) -> Path:
    path = tmp_path / "forum.csv"
    pl.DataFrame({"comment": TALK}).write_csv(path)
    return path


def read_labels(printed: str) -> list[str]:
    return [json.loads(line)["label"] for line in printed.splitlines()]


def test_talk_is_read_as_talk_and_that_is_said(
    forum: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["comments", str(forum), "--text", "comment", "--language", "fi", "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == (
        "Read as talk, not as feedback to a service; --kind feedback says otherwise.\n"
    )
    general = SentimentModel.general().score(TALK, ["fi"] * len(TALK))
    assert read_labels(printed.out) == [feeling.label for feeling in general]


def test_the_kind_that_is_named_is_not_told_from_the_file(
    forum: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read = {}
    for kind in ("auto", "feedback", "general"):
        command = ["comments", str(forum), "--text", "comment", "--json", "--kind", kind]
        assert main([*command, "--language", "fi"]) == 0
        read[kind] = capsys.readouterr()
    assert (read["feedback"].err, read["general"].err) == ("", "")
    assert read["general"].out == read["auto"].out
    shipped = SentimentModel.shipped().score(TALK, ["fi"] * len(TALK))
    assert read_labels(read["feedback"].out) == [feeling.label for feeling in shipped]
    assert read_labels(read["feedback"].out) != read_labels(read["general"].out)


def test_feedback_and_too_little_talk_are_read_as_feedback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random = Random(8)
    written = [
        write_comment(random, touchpoint="delivery", level=level, language="fi")[0]
        for _ in range(40)
        for level in ("low", "high")
    ]
    path = tmp_path / "answers.csv"
    for texts in ([text for text in written if text], TALK[:29]):
        pl.DataFrame({"comment": texts}).write_csv(path)
        assert main(["comments", str(path), "--text", "comment", "--language", "fi"]) == 0
        assert capsys.readouterr().err == ""


def test_a_kind_that_there_is_not_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["comments", str(file), "--text", "comment", "--kind", "forum"])
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert "argument --kind: invalid choice: 'forum'" in told
    assert all(kind in told for kind in ("auto", "feedback", "general"))
