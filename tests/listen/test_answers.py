from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokemus.listen.answer_texts import PAGE, REFUSALS, say_refusal
from kokemus.listen.answers import FIELDS, RefusedAnswer, read_answer, read_completion, read_tap
from kokemus.store.capture import Submission
from kokemus.store.published import Published
from kokemus.store.scales import SCALES

NOW = dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC)


def published(scale: str = "nps") -> Published:
    return Published(
        link="abc",
        survey_id=1,
        version_id=2,
        scale=scale,
        texts={"fi": {"question": "Miten meni?"}},
        is_open=True,
        touchpoint_id=3,
        unit_id=4,
        organisation_id=5,
        organisation_name="Acme",
        colour="#0e6a6a",
        language="fi",
        time_zone="Europe/Helsinki",
    )


def read(scale: str = "nps", **payload: Any) -> Submission:
    return read_answer(payload, published=published(scale), now=NOW)


def test_an_answer_inherits_what_is_published() -> None:
    read_one = read(score=7)
    assert read_one == Submission(
        id=read_one.id,
        key=read_one.id,
        organisation_id=5,
        survey_id=1,
        version_id=2,
        touchpoint_id=3,
        unit_id=4,
        scale="nps",
        score=7,
        language="fi",
        channel="api",
        answered_at=NOW,
        local_day=dt.date(2026, 3, 3),
    )


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, "empty_answer"),
        ({"score": None, "comment": " \x00 "}, "empty_answer"),
        ({"score": 11}, "score_out_of_range"),
        ({"score": True}, "not_a_whole_number"),
        ({"score": "7"}, "not_a_whole_number"),
        ({"score": 7.5}, "not_a_whole_number"),
        ({"score": float("nan")}, "not_a_whole_number"),
        ({"score": 7, "comment": 7}, "not_text"),
        ({"score": 7, "comment": "ä" * 5001}, "too_long"),
        ({"score": 7, "may_contact": "yes"}, "not_yes_or_no"),
        ({"score": 7, "reply_to": "me"}, "reply_to_form"),
        ({"score": 7, "reply_to": "a b@c.example"}, "reply_to_form"),
        ({"score": 7, "reply_to": "1234"}, "reply_to_form"),
        ({"score": 7, "reply_to": "a@" + "b" * 260 + ".example"}, "too_long"),
        ({"score": 7, "language": "suomi"}, "unknown_language"),
        ({"score": 7, "channel": "fax"}, "unknown_channel"),
        ({"score": 7, "answered_at": 1}, "time_form"),
        ({"score": 7, "answered_at": "yesterday"}, "time_form"),
        ({"score": 7, "answered_at": "2026-03-02T10:00:00"}, "time_without_zone"),
        ({"score": 7, "answered_at": "2026-03-02T23:36:00Z"}, "time_in_future"),
        ({"score": 7, "answered_at": "1989-12-31T23:59:59Z"}, "time_too_early"),
        ({"score": 7, "answered_at": "0001-01-01T00:00:00+14:00"}, "time_too_early"),
        ({"score": 7, "encounter": 12}, "not_text"),
        ({"score": 7, "encounter": "e" * 101}, "too_long"),
        ({"score": 7, "key": "two words"}, "key_form"),
        ({"score": 7, "key": "page:1:a"}, "key_form"),
        ({"score": 7, "Comment": "typo"}, "unknown_field"),
    ],
)
def test_what_is_wrong_is_refused_by_name(payload: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedAnswer) as refused:
        read(**payload)
    assert refused.value.code == code
    assert all(code in sentences for sentences in REFUSALS.values())


def test_text_loses_only_what_cannot_be_read() -> None:
    sent = read(
        score=7, comment="  a\x00b\r\nc\rd\te\x85f\ud800g 😀 ", reply_to=" +358 (0)40-1 23 45 "
    )
    assert (sent.comment, sent.reply_to) == ("ab\nc\nd\tefg 😀", "+358 (0)40-1 23 45")


@pytest.mark.parametrize("scale", list(SCALES))
def test_both_ends_of_every_scale_are_scores(scale: str) -> None:
    ends = SCALES[scale].low, SCALES[scale].high
    assert tuple(read(scale, score=end).score for end in ends) == ends


def test_the_page_amends_its_own_answer_in_two_steps() -> None:
    origin = {"language": "fi", "channel": "qr", "encounter": ""}
    tap = read_tap(3, published=published(), now=NOW, token="t", **origin)
    said = read_completion(
        {"comment": "Hm", "reply_to": "a@b.example"},
        published=published(),
        now=NOW,
        token="t",
        **origin,
    )
    assert (tap.key, tap.score, tap.amends, tap.is_complete) == ("page:1:t", 3, True, False)
    assert (said.key, said.score, said.amends, said.is_complete) == ("page:1:t", None, True, True)
    assert said.may_contact


def read_or_refusal(payload: dict[str, Any]) -> Submission | RefusedAnswer:
    try:
        return read(**payload)
    except RefusedAnswer as refused:
        return refused


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(max_size=3), anything))
def test_any_payload_is_taken_or_refused_in_words(payload: dict[str, Any]) -> None:
    sent = read_or_refusal({key: value for key, value in payload.items() if key != "scale"})
    if isinstance(sent, RefusedAnswer):
        for language in REFUSALS:
            assert say_refusal(sent.code, language=language, field=sent.field)
        return
    assert sent.score is None or 0 <= sent.score <= 10
    assert sent.score is not None or sent.comment
    assert 1 <= len(sent.key) <= 100
    assert len(sent.comment) <= 5000
    json.dumps([sent.comment, sent.reply_to, sent.encounter], ensure_ascii=False).encode()
    assert "\x00" not in sent.comment + sent.reply_to + sent.encounter + sent.key


@given(st.datetimes(timezones=st.timezones()))
def test_any_time_with_a_zone_is_taken_or_refused(at: dt.datetime) -> None:
    sent = read_or_refusal({"score": 7, "answered_at": at.isoformat()})
    if isinstance(sent, RefusedAnswer):
        assert sent.code in {"time_in_future", "time_too_early"}
    else:
        assert sent.answered_at == at.astimezone(dt.UTC)


def test_every_language_has_every_text() -> None:
    for texts in (PAGE, REFUSALS):
        assert {frozenset(own) for own in texts.values()} == {frozenset(texts["en"])}


SAID = "Soittakaa 040 123 4567, t. Matti Virtanen. Testaajalle kiitos."


@pytest.mark.parametrize(
    ("language", "kept"),
    [
        ("fi", "Soittakaa [puhelinnumero], t. [nimi]. [nimi] kiitos."),
        ("sv", "Soittakaa [telefonnummer], t. [namn]. [namn] kiitos."),
    ],
)
def test_personal_data_is_hidden_before_anything_is_kept_where_it_was_promised(
    language: str, kept: str
) -> None:
    hiding = replace(published(), hides_personal_data=True, names=("Tiina Testaaja",))
    sent = {"comment": SAID, "language": language}
    assert read_answer(sent, published=hiding, now=NOW).comment == kept
    page = {"token": "t", "language": language, "channel": "link", "encounter": ""}
    form = {"comment": SAID}
    assert read_completion(form, published=hiding, now=NOW, **page).comment == kept
    assert read_completion(form, published=published(), now=NOW, **page).comment == SAID
