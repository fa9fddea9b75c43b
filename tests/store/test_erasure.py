"""Who is erased is nowhere any more; everybody else is where they were."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from tests.people import (
    AURINKO,
    KUUTAMO,
    LATER,
    Told,
    copy_to_files,
    live_through,
    meet,
    places_with,
)
from tests.store.submissions import submission
from tests.world import NOW, World, make_world

from kokemus.channels.email import MailFailed
from kokemus.respond.outbox import send_due_deliveries
from kokemus.share.filters import Filters
from kokemus.share.overview import look
from kokemus.store import erasure, files, lake
from kokemus.store.erasure import ImportUnderWay, PersonGone, count_person, erase_person
from kokemus.store.models import (
    Account,
    Case,
    Contact,
    Delivery,
    Encounter,
    ImportRun,
    Member,
    Response,
    Theme,
)
from kokemus.store.models.contacts import ContactFacts, EncounterFacts
from kokemus.store.people import Person, find_people, get_person
from kokemus.store.person_export import export_person
from kokemus.store.writer import Writer

DAY = dt.timedelta(days=1)
SOMEWHERE = {
    "store_account.reference",
    "store_caseevent.data",
    "store_caseevent.text",
    "store_commentreading.lemmas",
    "store_commentreading.redacted",
    "store_contact.email",
    "store_contact.name",
    "store_contact.phone",
    "store_contact.reference",
    "store_delivery.html",
    "store_delivery.recipient",
    "store_delivery.text",
    "store_encounter.reference",
    "store_importrun.refused",
    "store_response.comment",
    "store_response.key",
    "store_response.reply_to",
    "store_theme.weights",
}
"""Where a word of a person must stand before, or there would be nothing to find."""


@pytest.fixture(autouse=True)
def _data_dir(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def worlds(open_world: World) -> tuple[World, World]:
    """Two organisations, committed, in each of which two people have left something everywhere."""
    other = make_world("Other")
    for world in (open_world, other):
        for told in (KUUTAMO, AURINKO):
            live_through(world, told)
        copy_to_files(world, KUUTAMO, AURINKO)
    return open_world, other


def the_person(world: World, told: Told = KUUTAMO) -> Person:
    [person] = find_people(world.organisation, told.reference)
    return person


def rows_of(world: World) -> dict[str, list[dict[str, Any]]]:
    """Every row that an organisation has in a table that says whose it is."""
    return {
        model.__name__: list(
            model._default_manager.filter(organisation=world.organisation).order_by("pk").values()
        )
        for model in apps.get_app_config("store").get_models()
        if any(field.name == "organisation" for field in model._meta.fields)
    }


def test_nothing_of_who_is_erased_is_found_anywhere(worlds: tuple[World, World]) -> None:
    world, other = worlds
    before = places_with(KUUTAMO.words)
    assert set(before) >= SOMEWHERE
    kept = places_with(AURINKO.words)
    for organisation in (world, other):
        erase_person(the_person(organisation), at=LATER)
    assert places_with(KUUTAMO.words) == []
    lost = {place for place in kept if place not in places_with(AURINKO.words)}
    # What is made anew from what is left, and what was uploaded and is in.
    assert {place.split("/")[0] for place in lost} == {
        "discovery",
        "imports",
        "store_theme.weights",
    }


def test_everybody_else_is_left_as_they_were(worlds: tuple[World, World]) -> None:
    world, other = worlds
    neighbour, stranger = export_person(the_person(world, AURINKO)), rows_of(other)
    erase_person(the_person(world), at=LATER)
    assert export_person(the_person(world, AURINKO)) == neighbour
    assert rows_of(other) == stranger


def test_counts_go_down_by_as_many_as_are_erased(worlds: tuple[World, World]) -> None:
    world, _other = worlds
    filters = Filters(today=NOW.date(), period="all", scale="nps")
    before = look(world.admin, filters).now.score.answers
    foretold = count_person(the_person(world))
    counts = erase_person(the_person(world), at=LATER)
    assert (
        counts
        == foretold
        == {
            "contacts": 1,
            "encounters": 1,
            "answers": 3,
            "comments": 3,
            "corrections": 2,
            "cases": 2,
            "deliveries": counts["deliveries"],
            "refused_lines": 2,
            "waiting_files": 1,
        }
    )
    assert counts["deliveries"] >= 6
    assert before - look(world.admin, filters).now.score.answers == 3
    lake.refresh(world.organisation, now=LATER + DAY)
    assert before - look(world.admin, filters).now.score.answers == 3


def test_erasing_leaves_all_where_it_breaks_off(
    worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _other = worlds
    rows, places = rows_of(world), places_with(KUUTAMO.words)

    def break_off(*_arguments: object) -> None:
        assert not Contact.objects.filter(reference=KUUTAMO.reference, organisation=1).exists()
        raise DatabaseError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(erasure, "_clean_imports", break_off)
        with pytest.raises(DatabaseError, match="power"):
            erase_person(the_person(world), at=LATER)
    assert (rows_of(world), places_with(KUUTAMO.words)) == (rows, places)
    assert erase_person(the_person(world), at=LATER)["contacts"] == 1


def test_who_is_erased_is_gone_the_second_time(worlds: tuple[World, World]) -> None:
    world, _other = worlds
    person = the_person(world)
    erase_person(person, at=LATER)
    assert find_people(world.organisation, KUUTAMO.reference) == []
    assert get_person(world.organisation, person.key) is None
    with pytest.raises(PersonGone):
        erase_person(person, at=LATER)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite keeps what was deleted")
def test_the_bytes_are_gone_from_the_file_and_the_log(worlds: tuple[World, World]) -> None:
    world, other = worlds
    for number in range(300):  # pages are full, so that they are split and joined
        world.respond(5, comment=f"Filling {number} " * 40)
    said = Response.objects.filter(comment=KUUTAMO.comment)
    for number in range(30):
        said.filter(organisation=world.organisation).update(
            comment=f"{KUUTAMO.comment} {number} " * (number * 7 % 30 + 1)
        )
    Response.objects.filter(comment__startswith="Filling 1").delete()
    assert has_in_database_file(KUUTAMO)
    for organisation in (world, other):
        erase_person(the_person(organisation), at=LATER)
    assert not has_in_database_file(KUUTAMO)
    assert has_in_database_file(AURINKO)


def has_in_database_file(told: Told) -> bool:
    name = str(connection.settings_dict["NAME"])
    kept = [Path(f"{name}{end}") for end in ("", "-wal")]
    return any(told.word.encode() in path.read_bytes().lower() for path in kept if path.exists())


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own setting")
def test_every_connection_overwrites_what_it_deletes(open_world: World, database_url: str) -> None:
    from kokemus.store.connections import open_connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
    assert open_connection(database_url).execute("PRAGMA secure_delete").fetchone() == (1,)


def test_what_is_captured_for_an_encounter_that_is_gone_is_refused(
    worlds: tuple[World, World], writer: Writer
) -> None:
    world, _other = worlds
    visit = str(Encounter.objects.get(organisation=world.organisation, reference=KUUTAMO.visit).pk)
    erase_person(the_person(world), at=LATER)
    for encounter in (visit, KUUTAMO.visit):
        [outcome] = writer.submit([submission(world, 1, encounter=encounter)]).result(10)
        assert (outcome.state, outcome.reason) == ("refused", "unknown_encounter")
    assert Response.objects.filter(organisation=world.organisation).count() == 3


def test_answers_that_come_while_somebody_is_erased_go_with_them_or_are_refused(
    worlds: tuple[World, World], writer: Writer
) -> None:
    world, _other = worlds
    person, outcomes, ended = the_person(world), [], threading.Event()

    def keep_answering() -> None:
        while not ended.is_set():
            outcomes.extend(
                writer.submit(
                    [submission(world, 1, encounter=KUUTAMO.visit), submission(world, 9)]
                ).result(10)
            )

    visitor = threading.Thread(target=keep_answering)
    visitor.start()
    while len(outcomes) < 20:
        ended.wait(0.01)
    erase_person(person, at=LATER)
    ended.set()
    visitor.join(20)
    states = [outcome.state for outcome in outcomes]
    assert set(states[1::2]) == {"added"}  # who came beside them is kept
    kept = {row.hex for row in Response.objects.values_list("pk", flat=True)}
    assert {outcome.id for outcome in outcomes[1::2]} <= kept
    assert not {outcome.id for outcome in outcomes[::2]} & kept
    assert not Encounter.objects.filter(organisation=world.organisation, contact=None).exists()


def test_who_is_told_of_and_answers_in_the_midst_of_it_waits_and_finds_them_gone(
    worlds: tuple[World, World], writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _other = worlds
    told = EncounterFacts(
        reference="in the midst",
        touchpoint=world.touchpoint,
        unit=world.service,
        happened_at=NOW,
        contact=ContactFacts(reference=KUUTAMO.reference, account=KUUTAMO.company),
    )

    def tell() -> None:
        try:
            Encounter.objects.record(world.organisation, [told], now=LATER)
        finally:
            connection.close()

    teller = threading.Thread(target=tell)
    coming: list[Any] = []
    clean = erasure._clean_imports

    def clean_slowly(*arguments: Any) -> None:
        teller.start()
        coming.append(writer.submit([submission(world, 1, encounter=KUUTAMO.visit)]))
        teller.join(0.5)
        assert (teller.is_alive(), coming[0].done()) == (True, False)
        clean(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(erasure, "_clean_imports", clean_slowly)
        erase_person(the_person(world), at=LATER)
    teller.join(10)
    assert coming[0].result(10)[0].reason == "unknown_encounter"
    person = the_person(world)
    assert (person.addresses, str(person.contact)) == ([], KUUTAMO.reference)
    assert person.contact
    assert str(person.contact.account) == KUUTAMO.company
    assert count_person(person) == dict.fromkeys(erasure.KINDS, 0) | {
        "contacts": 1,
        "encounters": 1,
    }


def test_who_is_told_of_again_comes_back_as_they_are_told_of_now(
    worlds: tuple[World, World],
) -> None:
    world, _other = worlds
    erase_person(the_person(world), at=LATER)
    told = EncounterFacts(
        reference="new",
        touchpoint=world.touchpoint,
        unit=world.service,
        happened_at=NOW,
        contact=ContactFacts(reference=KUUTAMO.reference),
    )
    Encounter.objects.record(world.organisation, [told], now=LATER)
    person = the_person(world)
    assert (person.addresses, person.contact and person.contact.name) == ([], "")
    assert count_person(person)["answers"] == 0


def test_a_message_that_is_on_its_way_while_its_row_goes_stops_no_other(
    worlds: tuple[World, World],
) -> None:
    world, _other = worlds
    Delivery.objects.update(due_at=NOW + 9 * DAY)
    theirs = Delivery.objects.filter(organisation=world.organisation, recipient=KUUTAMO.email)
    after = Delivery.objects.filter(organisation=world.organisation, recipient=AURINKO.email)
    theirs.update(due_at=NOW)
    after.update(due_at=NOW + dt.timedelta(seconds=1))
    sent: list[str] = []

    def send(mail: Any) -> None:
        if not sent:
            thread = threading.Thread(target=erase)
            thread.start()
            thread.join()
        sent.append(mail.recipient)
        if mail.recipient == KUUTAMO.email:
            raise MailFailed("timeout", "slow")

    def erase() -> None:
        try:
            erase_person(the_person(world), at=LATER)
        finally:
            connection.close()

    # Of one lane, so that the first is known.
    from kokemus.respond import outbox

    lanes, outbox.LANES = outbox.LANES, 1
    try:
        send_due_deliveries(now=LATER, send=send)
    finally:
        outbox.LANES = lanes
    assert AURINKO.email in sent
    assert set(after.values_list("state", flat=True)) == {"sent"}
    assert not theirs.exists()


def test_nobody_is_erased_while_a_file_is_being_brought_in(worlds: tuple[World, World]) -> None:
    world, _other = worlds
    run = ImportRun.objects.get(
        organisation=world.organisation, state="mapping", refused__0__value=AURINKO.visit
    )
    run.start(mapping={}, missing=[])
    with pytest.raises(ImportUnderWay):
        erase_person(the_person(world), at=LATER)
    assert the_person(world).contact


def test_files_that_name_nobody_of_them_are_left(worlds: tuple[World, World]) -> None:
    world, _other = worlds
    erase_person(the_person(world), at=LATER)
    runs = ImportRun.objects.filter(organisation=world.organisation).order_by("pk")
    told = [(run.state, [one["value"] for one in run.refused]) for run in runs]
    assert told == [
        ("done", ["", "77"]),
        ("done", [AURINKO.visit, "77"]),
        ("mapping", [AURINKO.visit, "77"]),
    ]
    assert [files.upload_path(run).exists() for run in runs] == [False, False, True]
    lines = files.refused_path(runs[0]).read_text("utf-8").splitlines()
    assert [json.loads(line)["value"] for line in lines] == ["", "77"]


def test_a_short_number_and_a_first_name_are_nobody_alone(open_world: World) -> None:
    world = open_world
    contact = Contact.objects.create(
        organisation=world.organisation, reference="77", name="Matti", email="m@left.example"
    )
    run = ImportRun.objects.create(
        organisation=world.organisation,
        survey=world.survey,
        file_name="answers.csv",
        stored_as="answers.csv",
        refused=[{"line": n, "value": v} for n, v in enumerate(("177", "31.77", "M@LEFT.example"))],
    )
    files.upload_folder().mkdir()
    files.upload_path(run).write_text("score;comment\n77;Matti auttoi\n", "utf-8")
    counts = erase_person(Person(world.organisation, contact), at=LATER)
    assert (counts["waiting_files"], counts["refused_lines"]) == (0, 1)
    run.refresh_from_db()
    assert [one["value"] for one in run.refused] == ["177", "31.77", ""]
    assert files.upload_path(run).exists()


def test_what_themes_learnt_from_them_is_learnt_anew(worlds: tuple[World, World]) -> None:
    world, _other = worlds
    erase_person(the_person(world), at=LATER)
    theme = Theme.objects.get(organisation=world.organisation, code="waiting")
    assert (theme.weights, theme.quality, theme.taught_at) == (None, {}, LATER)
    assert theme in Theme.objects.untaught() or theme.learnt_at == LATER


def test_a_company_stays_while_it_has_somebody_else(worlds: tuple[World, World]) -> None:
    world, _other = worlds
    account = Account.objects.get(organisation=world.organisation, reference=AURINKO.company)
    Contact.objects.create(organisation=world.organisation, reference="other", account=account)
    for told in (KUUTAMO, AURINKO):
        erase_person(the_person(world, told), at=LATER)
    assert list(Account.objects.filter(organisation=world.organisation)) == [account]


def test_somebody_is_found_by_what_is_told_of_them(world: World) -> None:
    contact = meet(world, KUUTAMO)
    Contact.objects.filter(pk=contact.pk).update(name="Äijö Kuutamoinen-Åberg")
    meet(world, AURINKO)
    found = {
        text: [person.contact == contact for person in find_people(world.organisation, text)]
        for text in (
            "REF-kuutamoinen",
            "ref-kuu",
            "Kuutamoinen@Esimerkki.example",
            "kuutamoinen@esimerkki",
            KUUTAMO.phone.replace(" ", ""),
            KUUTAMO.phone.replace(" ", "-"),
            "ÄIJÖ",
            "åberg",
            "äijö kuutamoinen-Å",
            "%",
            ".*",
            " ",
        )
    }
    assert found == {
        "REF-kuutamoinen": [True],
        "ref-kuu": [],
        "Kuutamoinen@Esimerkki.example": [True],
        "kuutamoinen@esimerkki": [],
        KUUTAMO.phone.replace(" ", ""): [True],
        KUUTAMO.phone.replace(" ", "-"): [True],
        "ÄIJÖ": [True],
        "åberg": [True],
        "äijö kuutamoinen-Å": [True],
        "%": [],
        ".*": [],
        " ": [],
    }


def test_who_is_no_contact_is_found_by_the_address_they_left(
    open_world: World, other_world: World
) -> None:
    world = open_world
    first = world.respond(1, comment="Left word", reply_to="Nobody@left.example")
    world.respond(2, reply_to="nobody@left.example")
    kept = world.respond(3, reply_to="body@left.example")
    strange = other_world.respond(3, reply_to="nobody@left.example")
    Case.objects.open_for(first, unit=world.service, reason="x", due_at=NOW, at=NOW)
    [person] = find_people(world.organisation, "nobody@LEFT.example")
    assert (person.contact, person.key) == (None, str(person.answer))
    assert get_person(world.organisation, person.key) == person
    assert get_person(other_world.organisation, person.key) is None
    exported = export_person(person)
    assert (exported["contact"], len(exported["answers"])) == (None, 2)
    counts = erase_person(person, at=LATER)
    assert (counts["contacts"], counts["answers"], counts["cases"]) == (0, 2, 1)
    assert set(Response.objects.all()) == {kept, strange}


def test_a_shared_address_takes_nothing_of_somebody_else(open_world: World) -> None:
    world = open_world
    live_through(world, KUUTAMO)
    live_through(world, AURINKO)
    Contact.objects.filter(reference=AURINKO.reference).update(email=KUUTAMO.email)
    Response.objects.filter(comment=AURINKO.comment).update(reply_to=KUUTAMO.email)
    Delivery.objects.filter(recipient=AURINKO.email).update(recipient=KUUTAMO.email)
    before = export_person(the_person(world, AURINKO))
    erase_person(the_person(world), at=LATER)
    after = export_person(the_person(world, AURINKO))
    ours = [answer for answer in before["answers"] if AURINKO.word in answer["comment"]]
    assert after["answers"] == ours
    assert after["cases"] == before["cases"][: len(after["cases"])] or after["cases"]


def test_what_a_member_is_told_in_their_work_is_no_message_to_them(world: World) -> None:
    contact = meet(world, KUUTAMO)
    Contact.objects.filter(pk=contact.pk).update(email=world.agent.email)
    told = Delivery.objects.enqueue(
        organisation=world.organisation, key="rise:1", recipient=world.agent.email,
        subject="Rising", text="Waiting", due_at=NOW,
    )  # fmt: skip
    with transaction.atomic():
        erase_person(the_person(world), at=LATER)
    assert list(Delivery.objects.all()) == [told]
    assert Member.objects.filter(pk=world.agent.pk).exists()


def test_the_export_holds_all_that_is_kept_and_is_plain_json(
    worlds: tuple[World, World],
) -> None:
    world, _other = worlds
    content = export_person(the_person(world))
    assert json.loads(json.dumps(content)) == content
    assert export_person(the_person(world)) == content
    assert content["contact"] == {
        "reference": KUUTAMO.reference,
        "audience": "customer",
        "name": KUUTAMO.name,
        "email": KUUTAMO.email,
        "phone": KUUTAMO.phone,
        "language": "",
        "account": {"reference": KUUTAMO.company, "name": ""},
    }
    [encounter] = content["encounters"]
    assert encounter["happened_at"] == "2026-03-02T12:00:00+02:00"
    assert encounter["units_that_took_part"] == ["Partner"]
    [first] = [one for one in content["answers"] if one["encounter"]]
    assert (first["comment"], first["encounter"]) == (KUUTAMO.comment, KUUTAMO.visit)
    assert first["reading"]["themes"][0]["theme"] == "waiting"
    assert len(bytes.fromhex(first["embedding"])) == 384
    assert [list(one) for one in first["said_by_members"]] == [
        ["feels", "at"],
        ["theme", "is_about_it", "at"],
    ]
    told = [[event["kind"] for event in case["history"]] for case in content["cases"]]
    assert told == 2 * [["opened", "taken", "reply", "note", "handed_off"]]
    assert {"recipient", "text"} < set(content["deliveries"][0])
    assert [one["line"] for one in content["refused_lines"]] == [2, 2]
    assert AURINKO.word not in json.dumps(content)


def test_the_column_files_let_go_at_once_and_keep_the_rest(worlds: tuple[World, World]) -> None:
    world, _other = worlds
    before = lake.scan(world.organisation).collect()
    folder = lake.folder_of(world.organisation)
    (folder / ".2026-03.parquet.123").write_text(KUUTAMO.word)
    manifest = lake.read_manifest(world.organisation)
    erase_person(the_person(world), at=LATER)
    assert lake.read_manifest(world.organisation) == manifest
    after = lake.scan(world.organisation).collect()
    assert (before.height, after.height) == (6, 3)
    assert sorted(path.name for path in folder.iterdir()) == [
        ".lock",
        "2026-03.parquet",
        "manifest.json",
    ]
