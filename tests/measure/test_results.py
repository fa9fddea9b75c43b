import dataclasses
import datetime
import json

import polars as pl
import pytest

from kokemus import measure
from kokemus.measure.results import plain

SCORE = measure.nps_from_histogram({10: 19, 8: 9, 3: 8})


def test_a_score_prints_as_a_sentence_would() -> None:
    assert str(SCORE) == "NPS 30.6 (95 % interval 2.3 to 53.9, 36 answers, score method)"


def test_a_weighted_score_says_what_its_answers_are_worth() -> None:
    score = measure.nps_from_histogram(
        {
            10: measure.Tally(900, 1800.0, 4200.0),
            0: measure.Tally(300, 300.0, 300.0),
            float("nan"): 4,
        }
    )
    assert str(score) == (
        "NPS 71.4 (95 % interval 66.8 to 75.5, 1,200 answers worth 980, 4 missing,"
        " score method, Kish effective n)"
    )


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (measure.nps_from_histogram({}), "NPS: no answers"),
        (
            measure.nps_from_histogram({9: 1}, method="adjusted_wald", confidence=0.9),
            "NPS 100.0 (90 % interval -36.7 to 86.7, 1 answer, adjusted wald method)",
        ),
        (
            measure.mean_from_histogram({3: 4}, scale=(1, 5)),
            "mean 3.00 (95 % interval 1.80 to 4.20, 4 answers, equal answers method)",
        ),
    ],
)
def test_rare_scores_print_well(score, words) -> None:
    assert str(score) == words


def test_a_score_becomes_stable_json() -> None:
    found = json.loads(json.dumps(measure.csat_from_histogram({5: 1, 1: 1}).to_dict()))
    assert list(found.items()) == [
        ("name", "CSAT"),
        ("estimate", 50.0),
        ("low", pytest.approx(9.453120573423)),
        ("high", pytest.approx(90.546879426577)),
        ("answers", 2),
        ("missing", 0),
        ("effective_answers", 2.0),
        ("method", "wilson"),
        ("confidence", 0.95),
        ("unit", "percent"),
        ("group", None),
        ("clusters", None),
    ]


def test_a_score_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        SCORE.estimate = 100


@pytest.fixture
def scores() -> measure.Scores:
    frame = pl.DataFrame(
        {
            "score": [9, 9, 3, 9],
            "day": [datetime.date(2026, 1, 2), datetime.date(2026, 1, 1), None, None],
            "shop": ["<b>", "a", "a", "a"],
        }
    )
    return measure.nps(frame, by=["day", "shop"])


def test_scores_are_a_sequence(scores) -> None:
    assert len(scores) == 3
    assert scores[0].group == (datetime.date(2026, 1, 1), "a")
    assert [score.answers for score in scores[1:]] == [1, 2]
    assert isinstance(scores[1:], measure.Scores)


def test_scores_print_a_line_each(scores) -> None:
    assert str(scores[1:]) == (
        "2026-01-02, <b>: NPS 100.0 (95 % interval -58.7 to 100.0, 1 answer, score method)\n"
        "(none), a: NPS 0.0 (95 % interval -81.1 to 81.1, 2 answers, score method)"
    )
    assert str(measure.Scores(())) == "no groups, no answers"


def test_a_group_without_a_name_is_printed_as_none() -> None:
    scores = measure.nps(pl.DataFrame({"score": [9], "shop": [None]}), by="shop")
    assert str(scores).startswith("(none): NPS 100.0 (")


def test_scores_become_json(scores) -> None:
    groups = json.loads(json.dumps(scores.to_dict()))["groups"]
    assert [group["group"] for group in groups] == [
        ["2026-01-01", "a"],
        ["2026-01-02", "<b>"],
        [None, "a"],
    ]


def test_keys_that_read_alike_stay_apart_in_json() -> None:
    assert plain({None: 1, "(none)": 2, "a": 3}) == {"(none)": 1, '"(none)"': 2, "a": 3}
    assert plain({("a", "b"): 1, "a, b": 2}) == {'["a", "b"]': 1, '"a, b"': 2}
    assert plain({1: 1, "1": 2, "ä": 3}) == {"1": 1, '"1"': 2, "ä": 3}


def test_a_set_becomes_a_list_in_order() -> None:
    assert plain({"c", "a", "b"}) == ["a", "b", "c"]
    assert plain(frozenset({("b", None), ("a", 2)})) == [["a", 2], ["b", None]]


def test_html_is_escaped(scores) -> None:
    html = scores._repr_html_()
    assert "<th>2026-01-02, &lt;b&gt;</th><td>NPS 100.0 (95 % interval" in html
    assert html.count("<tr>") == 4
    assert SCORE._repr_html_().count("<tr>") == 2


def test_an_estimate_is_written_without_the_sign_of_a_zero() -> None:
    assert measure.Estimate(-1e-9, -0.004, 12.345).write() == "0.00 (0.00 to 12.35)"
