import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import polars as pl
import pyreadstat
import pytest

from kokemus import cli, measure

ROWS = {
    "NETPRO": [10, 9, 9, 7, 3, 11, 99, None, 10, 8],
    "AREA": ["a", "b", "b", "a", "b", "a", "a", "a", "a", "b"],
    "WEIGHT": [1.0, 0.5, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
}
FRAME = pl.DataFrame(ROWS)
EXPECTED = measure.nps(FRAME, "NETPRO", missing=[11, 99])


def write_csv(path: Path) -> None:
    FRAME.write_csv(path)


def write_finnish_csv(path: Path) -> None:
    """Semicolons, decimal commas and the encoding of an older Windows."""
    text = FRAME.rename({"AREA": "ALÄÄ"}).write_csv(separator=";", decimal_comma=True)
    path.write_bytes(text.encode("cp1252"))


def write_utf16(path: Path) -> None:
    path.write_text(FRAME.write_csv(separator="\t"), "utf-16")


def write_sav(path: Path) -> None:
    pyreadstat.write_sav(FRAME, str(path))


def write_xlsx(path: Path) -> None:
    """Write the least that a spreadsheet must have."""
    sheet = "".join(
        f"<row>{''.join(map(xml_cell, row))}</row>" for row in [FRAME.columns, *FRAME.rows()]
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sheet.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1"'
        f' Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Answers" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="sheet.xml"/></Relationships>',
        "xl/sheet.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, head + body)


def xml_cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    status = cli.main(["score", *map(str, arguments)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.csv", write_csv),
        ("finnish.csv", write_finnish_csv),
        ("utf16.txt", write_utf16),
        ("a.parquet", FRAME.write_parquet),
        ("a.sav", write_sav),
        ("a.xlsx", write_xlsx),
    ],
)
def test_every_kind_of_file_gives_the_same_score(name, write, tmp_path, capsys) -> None:
    write(tmp_path / name)
    options = ["--score", "NETPRO", "--missing", "11,99"]
    assert run(capsys, tmp_path / name, *options) == (0, f"{EXPECTED}\n", "")
    weighted = measure.nps(FRAME, "NETPRO", weight="WEIGHT", missing=[11, 99])
    assert run(capsys, tmp_path / name, *options, "--weight", "WEIGHT") == (0, f"{weighted}\n", "")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_csv(tmp_path / "answers.csv")
    return tmp_path / "answers.csv"


def test_json_has_the_score_and_where_it_came_from(file, capsys) -> None:
    status, printed, _ = run(
        capsys, file, "--score", "NETPRO", "--missing", "11,99", "--json", "--confidence", "0.9"
    )
    score = measure.nps(FRAME, "NETPRO", missing=[11, 99], confidence=0.9)
    source = {"file": "answers.csv", "column": "NETPRO", "by": None}
    assert (status, json.loads(printed)) == (0, source | score.to_dict())


def test_groups_print_a_line_each(file, capsys) -> None:
    status, printed, _ = run(
        capsys, file, "--score", "NETPRO", "--missing", "11,99", "--by", "AREA"
    )
    assert status == 0
    assert printed == f"{measure.nps(FRAME, 'NETPRO', by='AREA', missing=[11, 99])}\n"


def test_groups_that_are_numbers_sort_as_numbers(tmp_path, capsys) -> None:
    path = tmp_path / "weeks.csv"
    path.write_text("score,week,post\n9,10,00100\n9,2,00100\n9,,00200\n")
    _, by_week, _ = run(capsys, path, "--score", "score", "--by", "week")
    assert [line.split(":")[0] for line in by_week.splitlines()] == ["2", "10", "(none)"]
    _, by_post, _ = run(capsys, path, "--score", "score", "--by", "post")
    assert [line.split(":")[0] for line in by_post.splitlines()] == ["00100", "00200"]


@pytest.mark.parametrize(
    ("scale", "answers", "words"),
    [
        ("csat", [5, 4, 4, 1], "CSAT 75.0 % (95 % interval 30.1 % to 95.4 %, 4 answers"),
        ("ces", [7, 6, 6, 5], "CES 6.00 (95 % interval 4.70 to 7.00, 4 answers"),
        ("mean", [100, 100, 90], "mean 96.67 (95 % interval 82.32 to 111.01, 3 answers"),
    ],
)
def test_other_scales(scale, answers, words, tmp_path, capsys) -> None:
    path = tmp_path / "a.csv"
    pl.DataFrame({"a": answers}).write_csv(path)
    status, printed, _ = run(capsys, path, "--score", "a", "--scale", scale)
    assert status == 0
    assert printed.startswith(words)


def test_words_can_mean_missing(tmp_path, capsys) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n9\nrefused\n n/a \n9\nrefused\n")
    status, _, said = run(capsys, path, "--score", "a", "--missing", "99")
    assert (status, said) == (
        2,
        "kokemus score: column 'a' has words where numbers must stand: 'refused' (2 rows),"
        " 'n/a' (1 row). If these mean no answer, pass --missing 99,refused,n/a\n",
    )
    status, printed, _ = run(capsys, path, "--score", "a", "--missing", "99,refused,n/a")
    assert (status, printed.split(", ")[1:3]) == (0, ["2 answers", "3 missing"])


def refusals() -> Sequence[tuple[list[str], str]]:
    return [
        (["answers.csv", "--score", "NETPR"], "there is no column 'NETPR'; the nearest: NETPRO"),
        (
            ["answers.csv", "--score", "NETPRO"],
            "column 'NETPRO' has answers outside the scale 0 to 10: 11 (1 answer), 99 (1 answer)."
            " If these mean no answer, pass --missing 11,99\n",
        ),
        (["gone.csv", "--score", "a"], "gone.csv is not there"),
        ([".", "--score", "a"], "is a folder"),
        (["answers.doc", "--score", "a"], "is of no known kind; its name must end in .csv"),
        (["broken.parquet", "--score", "a"], "cannot be read as .parquet"),
        (["broken.xlsx", "--score", "a"], "cannot be read as .xlsx"),
        (["broken.sav", "--score", "a"], "cannot be read as .sav"),
        (["empty.csv", "--score", "a"], "the first line, which names the columns, is empty"),
        (
            ["ragged.csv", "--score", "a"],
            "as .csv: a line has more fields than the first line names",
        ),
    ]


@pytest.mark.parametrize(("arguments", "words"), refusals())
def test_what_cannot_be_told_is_refused_in_words(arguments, words, file, capsys) -> None:
    folder = file.parent
    for name in ("answers.doc", "broken.parquet", "broken.xlsx", "broken.sav"):
        (folder / name).write_text("no such thing")
    (folder / "empty.csv").write_text("")
    (folder / "ragged.csv").write_text("a,b\n1,2\n1,2,3,4\n")
    status, printed, said = run(capsys, folder / arguments[0], *arguments[1:])
    assert (status, printed) == (2, "")
    assert said.startswith("kokemus score: ")
    assert words in said


@pytest.mark.parametrize("confidence", ["95", "0", "high"])
def test_a_confidence_that_is_none_is_refused(confidence, file, capsys) -> None:
    with pytest.raises(SystemExit) as raised:
        run(capsys, file, "--score", "NETPRO", "--confidence", confidence)
    assert raised.value.code == 2
    assert f"{confidence} is not over 0 and under 1" in capsys.readouterr().err
