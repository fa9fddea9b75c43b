"""Files of answers: read, tried, brought in, and brought in again."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.readings import read
from tests.world import NOW, World

from kokemus.listen.answer_files import (
    FileMapping,
    UnreadableFile,
    guess_columns,
    guess_columns_of,
    guess_date_order,
    open_answer_file,
    read_lines,
)
from kokemus.listen.answer_texts import say_refusal
from kokemus.listen.imports import Refusal, Report, import_responses, look_at, try_import
from kokemus.listen.jobs import run_imports
from kokemus.listen.surveys import as_published
from kokemus.listen.views.imports import TRIED_AT_ONCE_BYTES
from kokemus.store.models import ImportRun, Response

HELSINKI = ZoneInfo("Europe/Helsinki")


def write(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "answers.csv"
    path.write_bytes(text.encode(encoding))
    return path


def bring_in(world: World, path: Path, **mapping: object) -> Report:
    file = open_answer_file(path)
    values = {"columns": guess_columns(file.header)} | mapping
    return import_responses(
        file,
        published=as_published(world.survey),
        mapping=FileMapping(**values),  # type: ignore[arg-type]
        now=NOW,
        progress=lambda report: None,
    )


def test_each_line_is_taken_or_refused_with_its_reason(world: World, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "id;score;comment;date\n"
        "1;9;Hyvä;1.2.2026 12:30\n"
        "2;11;;2.2.2026\n"
        "3;kymmenen;;2.2.2026\n"
        "4;;;2.2.2026\n"
        "5;99;;2.2.2026\n"
        "6;3;;31.2.2026\n"
        '7;4;"kaksi\nriviä";3.2.2026\n',
    )
    report = bring_in(world, path, missing=frozenset({"99"}), date_order="dmy")
    assert (report.lines, report.added, report.empty) == (7, 2, 2)
    assert report.refused == [
        Refusal(3, "score_out_of_range", "score", "11"),
        Refusal(4, "not_a_whole_number", "score", "kymmenen"),
        Refusal(7, "date_form", "answered_at", "31.2.2026"),
    ]
    first = Response.objects.get(score=9)
    assert first.answered_at == dt.datetime(2026, 2, 1, 12, 30, tzinfo=HELSINKI)
    assert (first.channel, first.comment) == ("import", "Hyvä")
    assert Response.objects.get(score=4).comment == "kaksi\nriviä"


def test_what_a_long_import_writes_late_is_stamped_late(world: World, tmp_path: Path) -> None:
    """The column files know all up to a moment: nothing may be written with an older stamp."""
    path = write(tmp_path, "id;score\n" + "".join(f"{n};9\n" for n in range(1001)))
    file = open_answer_file(path)
    import_responses(
        file,
        published=as_published(world.survey),
        mapping=FileMapping(columns=guess_columns(file.header)),
        now=NOW,
        progress=lambda report: time.sleep(0.05),
    )
    stamps = Response.objects.values_list("changed_at", flat=True).distinct()
    first, last = sorted(stamps)
    assert last - first >= dt.timedelta(seconds=0.05)


def test_the_same_file_again_changes_nothing(world: World, tmp_path: Path) -> None:
    path = write(tmp_path, "score,comment\n9,good\n9,good\n2,bad\n")
    first = bring_in(world, path)
    before = list(Response.objects.values().order_by("pk"))
    again = bring_in(world, path)
    assert (first.added, first.unchanged) == (3, 0)
    assert (again.added, again.unchanged) == (0, 3)
    assert list(Response.objects.values().order_by("pk")) == before


def test_trying_says_what_importing_then_does(world: World, tmp_path: Path) -> None:
    bring_in(world, write(tmp_path, "id,score\n1,9\n"))
    path = write(tmp_path, "id,score\n1,9\n2,8\n3,77\n4,\n")
    file = open_answer_file(path)
    mapping = FileMapping(columns=guess_columns(file.header))
    tried = try_import(file, published=as_published(world.survey), mapping=mapping, now=NOW)
    assert Response.objects.count() == 1
    assert tried == bring_in(world, path)


def test_imported_answers_open_no_cases(world: World, tmp_path: Path) -> None:
    bring_in(world, write(tmp_path, "score\n0\n"))
    assert not Response.objects.untriaged().exists()


def test_a_large_file_goes_in_by_the_thousand(world: World, tmp_path: Path) -> None:
    lines = "".join(f"{n},{n % 11}\n" for n in range(2_500))
    seen: list[int] = []
    file = open_answer_file(write(tmp_path, "id,score\n" + lines))
    report = import_responses(
        file,
        published=as_published(world.survey),
        mapping=FileMapping(columns=guess_columns(file.header)),
        now=NOW,
        progress=lambda report: seen.append(report.lines),
    )
    assert seen == [1000, 2000, 2500]
    assert report.added == Response.objects.count() == 2_500


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_spreadsheets_way_of_writing(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"arvosana{delimiter}kommentti\r\n9{delimiter}Hyvää työtä\r\n"
    file = open_answer_file(write(tmp_path, text, encoding=encoding))
    assert guess_columns(file.header) == {"score": "arvosana", "comment": "kommentti"}
    assert [line.cells["kommentti"] for line in read_lines(file)] == ["Hyvää työtä"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\x89PNG\x00\x00", "not_text"),
        (b",,\n1", "no_header"),
    ],
)
def test_what_is_no_table_is_said(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        open_answer_file(path)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["2026-03-02", "2026-12-31"], "ymd"),
        (["1.2.2026", "3.4.2026"], "dmy"),
        (["13/02/2026", "01/02/2026"], "dmy"),
        (["02/13/2026", "01/02/2026"], "mdy"),
        (["01/02/2026"], None),
    ],
)
def test_guess_date_order(values: list[str], order: str | None) -> None:
    assert guess_date_order(values) == order


def test_a_column_whose_values_mean_something_else_is_not_guessed(tmp_path: Path) -> None:
    path = write(tmp_path, "score,LANG,date\n9,1,spring\n8,2,summer\n")
    assert guess_columns_of(open_answer_file(path)) == {"score": "score"}


def test_codes_off_the_scale_are_named(tmp_path: Path) -> None:
    path = write(tmp_path, "NETPRO\n9\n11\n11\n99\n\nN/A\n10.0\n")
    look = look_at(open_answer_file(path), scale="nps")
    assert look.strange == [("11", 2), ("99", 1), ("N/A", 1)]


cells = st.text(max_size=30) | st.integers(-5, 120).map(str) | st.dates().map(str)


@hypothesis_settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    header=st.lists(st.sampled_from(["score", "comment", "date", "id", "", "x,y"]), max_size=6),
    rows=st.lists(st.lists(cells, max_size=7), max_size=12),
    raw=st.binary(max_size=200),
    is_raw=st.booleans(),
)
@pytest.mark.django_db
def test_no_file_crashes_the_importer_and_each_line_is_accounted_for(
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
    header: list[str],
    rows: list[list[str]],
    raw: bytes,
    is_raw: bool,
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "answers.csv"
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    path.write_bytes(raw if is_raw else out.getvalue().encode("utf-8", "surrogatepass"))
    try:
        file = open_answer_file(path)
    except UnreadableFile:
        return
    mapping = FileMapping(columns=guess_columns(file.header), date_order="dmy")
    report = import_responses(
        file,
        published=as_published(world.survey),
        mapping=mapping,
        now=NOW,
        progress=lambda report: None,
    )
    accounted = report.added + report.unchanged + report.empty + report.refused_count
    assert accounted == report.lines == len(list(read_lines(file)))
    assert len({refusal.line for refusal in report.refused}) == report.refused_count


def test_a_file_is_tried_and_brought_in_on_the_page(
    world: World, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    client.force_login(world.lead)
    upload = SimpleUploadedFile("old.csv", b"id,score,note\n1,9,a\n2,99,b\n3,12,c\n")
    answer = client.post("/imports/", {"survey": world.survey.pk, "file": upload})
    page = answer.headers["Location"]
    assert "99" in client.get(page).content.decode()
    chosen = {"score": "score", "key": "id", "missing": "99", "date_order": "ymd"}
    tried = client.post(page, chosen | {"try": "yes"}).content.decode()
    assert "The score is not on the survey" in html.unescape(tried)
    assert not Response.objects.exists()
    client.post(page, chosen | {"start": "yes"})
    assert run_imports(now=timezone.now()) == 1
    assert run_imports(now=timezone.now()) == 0
    run = ImportRun.objects.get()
    assert (run.state, run.added, run.empty, run.refused_count) == ("done", 1, 1, 1)
    assert run.lines == run.lines_done == 3
    refused = client.get(f"{page}refused.csv").content.decode("utf-8-sig").splitlines()
    assert refused[1].startswith("4,score,12,")
    left = [path.name for path in (tmp_path / "imports").iterdir()]
    assert left == [f"{run.stored_as}.refused"]  # what people wrote is in the rows now


def test_a_column_cannot_mean_two_things(
    world: World, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    client.force_login(world.lead)
    upload = SimpleUploadedFile("old.csv", b"score\n1\n")
    page = client.post("/imports/", {"survey": world.survey.pk, "file": upload}).headers["Location"]
    chosen = {"score": "score", "comment": "score", "date_order": "ymd", "start": "yes"}
    assert "was chosen twice" in client.post(page, chosen).content.decode()
    assert ImportRun.objects.get().state == "mapping"


def test_a_picture_is_refused_in_words(
    world: World, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    client.force_login(world.lead)
    upload = SimpleUploadedFile("cat.csv", b"\x89PNG\x00\x00\x00")
    page = client.post("/imports/", {"survey": world.survey.pk, "file": upload})
    assert "This is not a table of text" in page.content.decode()
    assert not ImportRun.objects.exists()


def test_the_page_says_how_many_comments_have_been_read(
    world: World, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    client.force_login(world.lead)
    first = world.respond(9, comment="Jono", channel="import")
    world.respond(9, comment="Jono", channel="import")
    run = ImportRun.objects.prepare(
        world.survey, by=world.lead, file_name="old.csv", stored_as="old.csv"
    )
    run.end(at=timezone.now())
    read(first)
    page = client.get(f"/imports/{run.pk}/progress/").text
    assert "1 of 2 comments read" in page
    assert 'hx-trigger="every 1s"' in page
    read(Response.objects.unread().get())
    page = client.get(f"/imports/{run.pk}/progress/").text
    assert "comments read" not in page
    assert "hx-trigger" not in page


def test_a_page_says_how_far_the_file_is(world: World, client: Client) -> None:
    run = ImportRun.objects.prepare(
        world.survey, by=world.admin, file_name="answers.csv", stored_as="answers.csv"
    )
    run.start(mapping={}, missing=[])
    client.force_login(world.admin)
    address = f"/imports/{run.pk}/progress/"
    assert "max=" not in client.get(address).content.decode()
    run.advance(lines=100_000, lines_done=18_000)
    page = client.get(address).content.decode()
    assert 'value="18000" max="100000"' in page
    assert "18,000 of 100,000 lines read." in page


def test_a_large_file_is_tried_by_the_worker(
    world: World, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    client.force_login(world.lead)
    lines = "".join(f"{n},{n % 13},{'palvelu pelasi ' * 20}\n" for n in range(8_000))
    upload = SimpleUploadedFile("old.csv", f"id,mark,said\n{lines}".encode())
    assert upload.size is not None
    assert upload.size > TRIED_AT_ONCE_BYTES
    page = client.post("/imports/", {"survey": world.survey.pk, "file": upload}).headers["Location"]
    chosen = {"score": "mark", "key": "id", "missing": "11, 12"}
    chosen |= {"date_order": "dmy"}
    assert client.post(page, chosen | {"try": "yes"}).status_code == 302
    assert "nothing is written" in client.get(page).content.decode()
    assert "HX-Redirect" not in client.get(f"{page}progress/").headers
    run_imports(now=timezone.now())
    assert client.get(f"{page}progress/").headers["HX-Redirect"] == page
    assert not Response.objects.exists()
    run = ImportRun.objects.get()
    assert (run.state, run.lines_done, run.added, run.empty) == ("mapping", 8_000, 6_770, 1_230)
    tried = client.get(page).content.decode()
    assert "What would happen" in tried
    assert "6,770" in tried
    assert 'value="11, 12"' in tried
    assert '<option value="dmy" selected>' in tried
    client.post(page, chosen | {"start": "yes"})
    run_imports(now=timezone.now())
    run.refresh_from_db()
    assert (run.state, run.added, Response.objects.count()) == ("done", 6_770, 6_770)


@pytest.mark.parametrize("after", [2, 2_000])
def test_an_open_quotation_mark_costs_its_own_line_only(
    world: World, tmp_path: Path, after: int
) -> None:
    rest = "".join(f"8,answer {number}\n" for number in range(after))
    report = bring_in(world, write(tmp_path, f'score,comment\n9,"two\nlines"\n9,"open\n{rest}'))
    assert (report.lines, report.added) == (after + 2, after + 1)
    assert [(one.line, one.code) for one in report.refused] == [(4, "unreadable_line")]
    assert Response.objects.filter(comment="two\nlines").count() == 1


def test_a_comment_that_is_too_long_is_refused_with_its_length(tmp_path: Path) -> None:
    for value in (5_001, "5001"):
        said = say_refusal("too_long", language="en", field="comment", value=value)
        assert said == "The comment has 5 001 characters. There is room for 5 000."


def test_every_refused_line_can_be_taken_home(
    world: World, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    client.force_login(world.lead)
    upload = SimpleUploadedFile("old.csv", b"score\n" + b"77\n" * 1_500)
    page = client.post("/imports/", {"survey": world.survey.pk, "file": upload}).headers["Location"]
    client.post(page, {"score": "score", "date_order": "dmy", "start": "yes"})
    run_imports(now=timezone.now())
    run = ImportRun.objects.get()
    assert (run.refused_count, len(run.refused)) == (1_500, 1_000)
    rows = client.get(f"{page}refused.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1_501
    assert rows[-1].startswith("1501,score,77,")
