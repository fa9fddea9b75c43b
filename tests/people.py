"""A person who has left something everywhere, and the search for it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from django.conf import settings
from django.db import connection
from tests.serving import kept_dictionaries
from tests.share.readings import read_comment
from tests.store.submissions import submission
from tests.world import NOW, World

from kokemus.respond.cases import hand_off_case, reply_to_customer, write_note
from kokemus.respond.triage import triage_responses
from kokemus.store import files, lake
from kokemus.store.identifiers import new_link
from kokemus.store.models import (
    Case,
    CommentEmbedding,
    Contact,
    Encounter,
    ImportRun,
    Response,
    SentimentCorrection,
    Theme,
    ThemeExample,
)
from kokemus.store.models.contacts import ContactFacts, EncounterFacts
from kokemus.store.people import Person

LATER = NOW + dt.timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """What is told of somebody; every word of it is found nowhere else."""

    word: str

    @property
    def reference(self) -> str:
        return f"ref-{self.word}"

    @property
    def name(self) -> str:
        return f"Aava {self.word.title()}"

    @property
    def email(self) -> str:
        return f"{self.word}@esimerkki.example"

    @property
    def phone(self) -> str:
        return f"+358 40 {sum(map(ord, self.word))}77"

    @property
    def company(self) -> str:
        return f"company-{self.word}"

    @property
    def visit(self) -> str:
        return f"visit-{self.word}"

    @property
    def comment(self) -> str:
        return f"Nobody came, and my pancake{self.word} burned."

    @property
    def words(self) -> list[str]:
        return [self.word, self.phone, self.phone.replace(" ", "")]


KUUTAMO, AURINKO = Told("kuutamoinen"), Told("aurinkoinen")


def live_through(world: World, told: Told) -> Person:
    """Let somebody meet us, answer, complain, be answered, be learnt from, be imported."""
    contact = meet(world, told)
    answer(world, told)
    handle_case(world, told)
    teach(world, told)
    bring_in_files(world, told)
    return Person(world.organisation, contact)


def copy_to_files(world: World, *told: Told) -> None:
    """What the worker makes of rows: column files, and themes that were looked for."""
    lake.refresh(world.organisation, now=LATER)
    path = files.discovery_path(world.organisation)
    path.parent.mkdir(exist_ok=True)
    words = [each.word for each in told]
    path.write_text(json.dumps({"of": "nobody", "groups": [{"words": words}]}), "utf-8")


def meet(world: World, told: Told) -> Contact:
    facts = ContactFacts(
        reference=told.reference,
        name=told.name,
        email=told.email,
        phone=told.phone,
        account=told.company,
    )
    encounter = EncounterFacts(
        reference=told.visit,
        touchpoint=world.touchpoint,
        unit=world.service,
        happened_at=NOW,
        contact=facts,
        parties=((world.partner, "staff-7"),),
    )
    Encounter.objects.record(world.organisation, [encounter], now=NOW)
    return Contact.objects.get(organisation=world.organisation, reference=told.reference)


def answer(world: World, told: Told) -> None:
    """To the encounter, in three steps; by an open link; and at last with praise."""
    steps = [
        submission(world, 1, key=f"page:{told.word}", encounter=told.visit, is_complete=False),
        submission(
            world,
            1,
            key=f"page:{told.word}",
            encounter=told.visit,
            comment=f"First {told.word} wrote this, and then something else.",
            amends=True,
        ),
        submission(
            world,
            1,
            key=f"page:{told.word}",
            encounter=told.visit,
            comment=told.comment,
            may_contact=True,
            reply_to=told.email,
            amends=True,
        ),
        submission(world, 2, comment=f"Again {told.word}", may_contact=True, reply_to=told.email),
        submission(world, 9, comment=f"Call {told.word}", reply_to=told.phone.replace(" ", "")),
    ]
    for number, step in enumerate(steps):
        Response.objects.record([step], now=NOW + dt.timedelta(seconds=number))
        for response in their_answers(world, told).filter(reading_turn=1):
            response.refresh_from_db()
            read_comment(response, lemmas=f"pancake{told.word} burn", themes="waiting")
            CommentEmbedding.objects.write(
                {response.pk: np.arange(384).astype(np.int8)},
                seen={response.pk: response.changed_at},
            )


def their_answers(world: World, told: Told):  # type: ignore[no-untyped-def]
    rows = Response.objects.filter(organisation=world.organisation, reading=None)
    return rows.filter(comment__icontains=told.word)


def handle_case(world: World, told: Told) -> None:
    triage_responses(now=LATER)
    cases = Case.objects.filter(organisation=world.organisation)
    for case in cases.filter(response__comment__contains=told.word):
        reply_to_customer(world.agent, case, text=f"Dear {told.name}", token="t", at=LATER)
        write_note(world.agent, case, text=f"Called {told.name}", at=LATER)
        hand_off_case(
            world.agent, case, unit=world.billing, text=f"For {told.name}", hours=2, at=LATER
        )


def teach(world: World, told: Told) -> None:
    theme = Theme.objects.get(organisation=world.organisation, code="waiting")
    response = Response.objects.get(organisation=world.organisation, comment=told.comment)
    ThemeExample.objects.teach(theme, response=response, is_positive=True, by=world.admin, at=LATER)
    SentimentCorrection.objects.teach(response, label="neutral", by=world.admin, at=LATER)
    before = json.loads(bytes(theme.weights))["features"] if theme.weights else []
    words = json.dumps({"features": [*before, f"l:pancake{told.word}"]}).encode()
    theme.keep_learnt(words, quality={"yes": 1, "no": 0}, at=LATER)


def bring_in_files(world: World, told: Told) -> None:
    """One that was brought in, with a line that was refused; one that waits."""
    folder = files.upload_folder()
    folder.mkdir(parents=True, exist_ok=True)
    text = f"score;encounter;comment\n1;{told.visit};{told.comment}\n77;x;{told.name.upper()}\n"
    refused = {"line": 2, "code": "unknown_encounter", "field": "encounter", "value": told.visit}
    other = {"line": 3, "code": "score_out_of_range", "field": "score", "value": "77"}
    for state in ("done", "mapping"):
        run = ImportRun.objects.create(
            organisation=world.organisation,
            survey=world.survey,
            started_by=world.admin,
            file_name="answers.csv",
            stored_as=f"{new_link()}.csv",
            state=state,
            refused=[refused, other],
            refused_count=2,
            ended_at=LATER if state == "done" else None,
        )
        files.upload_path(run).write_text(text, "utf-16" if state == "mapping" else "utf-8")
        lines = [json.dumps(one) for one in (refused, other)]
        files.refused_path(run).write_text("\n".join(lines) + "\n", "utf-8")


def places_with(words: list[str]) -> list[str]:
    """Every table, column and file in which one of the words stands, whatever its case."""
    wanted = [word.casefold() for word in words]

    def holds(text: str) -> bool:
        return any(word in text.casefold() for word in wanted)

    in_rows = {place for place, text in texts_in_tables() if holds(text)}
    in_files = {place for place, text in texts_in_files() if holds(text)}
    return sorted(in_rows | in_files)


def texts_in_tables() -> Iterator[tuple[str, str]]:
    """Of every table there is, so that one that is added later is looked through too."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield f"{table}.{name}", _as_text(value)


def texts_in_files() -> Iterator[tuple[str, str]]:
    root = Path(settings.DATA_DIR)
    for path in sorted(root.rglob("*")):
        if not path.is_file() or "static" in path.relative_to(root).parts:
            continue
        if path.suffix == ".words" and path.read_bytes() == as_packaged(path.name):
            continue  # a dictionary has the words that people are called by, too
        place = path.relative_to(root).as_posix()
        if path.suffix == ".parquet":
            yield place, str(pl.read_parquet(path).to_dicts())
        else:
            yield from ((place, text) for text in _decoded(path.read_bytes()))


@cache
def as_packaged(name: str) -> bytes:
    """A kept dictionary as one is that has only ever seen the package's."""
    return (kept_dictionaries() / name).read_bytes()


def _as_text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _decoded(content: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        yield content.decode(encoding, "ignore")
