import json

import numpy as np
import polars as pl
import pytest
from tests.reference import drivers as published

from kokemus.measure import (
    TooManyPredictors,
    complete_dominance,
    complete_dominance_from_gram,
    conditional_dominance,
    conditional_dominance_from_gram,
    drivers_from_gram,
)
from kokemus.measure._subset_tree import sum_conditional

SAMPLES = {"swiss": published.SWISS, "mobi": published.MOBI}


def gram_of(sample):
    gram = np.zeros((len(sample["correlation"]) + 1,) * 2)
    gram[0, 0] = sample["answers"]
    gram[1:, 1:] = np.array(sample["correlation"]) * sample["answers"]
    names = [sample["outcome"], *sample["predictors"]]
    return gram, {"names": names, "outcome": sample["outcome"]}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_published_additions_are_met(name) -> None:
    gram, options = gram_of(SAMPLES[name])
    found = conditional_dominance_from_gram(gram, **options)
    for row, parts in zip(SAMPLES[name]["conditional"], found.added.values(), strict=True):
        assert [part.estimate for part in parts] == pytest.approx(row, abs=1e-12)
    shares = drivers_from_gram(gram, **options).share
    means = [np.mean([part.estimate for part in parts]) for parts in found.added.values()]
    assert means == pytest.approx(list(shares.values()), abs=1e-12)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_published_comparisons_are_met(name) -> None:
    sample = SAMPLES[name]
    gram, options = gram_of(sample)
    found = complete_dominance_from_gram(gram, **options)
    predictors = sample["predictors"]
    expected = {
        (one, other): sample["complete"][i][j]
        for i, one in enumerate(predictors)
        for j, other in enumerate(predictors)
        if i != j
    }
    assert found.wins == expected
    assert found.dominates == tuple(pair for pair, share in expected.items() if share == 1)
    assert found.subsets == 2 ** (len(predictors) - 2)


def test_complete_dominance_entails_conditional() -> None:
    gram, options = gram_of(published.MOBI)
    complete = set(complete_dominance_from_gram(gram, **options).dominates)
    assert complete
    assert complete <= set(conditional_dominance_from_gram(gram, **options).dominates)


ROWS = {
    "y": [9, 7, 4, 8, 2, 6, 9, 5, 3, 8, 7, 1, 10, 6, None, 4],
    "a": [5, 4, 2, 4, 1, 3, 5, 2, 2, 5, 3, 1, 5, 4, 3, float("nan")],
    "b": [*list("aabbccabcabcabc"), None],
}


def known_additions():
    rows = [row for row in zip(*ROWS.values(), strict=True) if not {None} & {*row}]
    rows = [row for row in rows if row[1] == row[1]]
    y, a, b = (np.array(column) for column in zip(*rows, strict=True))
    columns = np.stack([a, b == "b", b == "c", y], axis=1).astype(float)
    return sum_conditional(np.corrcoef(columns.T), [1, 2]), len(rows)


def test_every_kind_of_frame_gives_the_same_additions(make_frame) -> None:
    frame = make_frame(ROWS)
    options = {"outcome": "y", "predictors": ["a", "b"], "missing": "listwise"}
    expected, answers = known_additions()
    found = conditional_dominance(frame, **options)
    assert found.answers == answers
    for row, parts in zip(expected, found.added.values(), strict=True):
        assert [part.estimate for part in parts] == pytest.approx(row, abs=1e-9)


def test_every_kind_of_frame_gives_the_same_comparisons(make_frame) -> None:
    options = {"outcome": "y", "predictors": ["a", "b"], "missing": "listwise"}
    found = complete_dominance(make_frame(ROWS), **options)
    expected, answers = known_additions()
    is_ahead = expected[0, 0] > expected[1, 0]
    assert found.wins == {("a", "b"): float(is_ahead), ("b", "a"): float(not is_ahead)}
    assert found.answers == answers


def test_equal_predictors_do_not_dominate() -> None:
    frame = pl.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "y": [1, 3, 2, 5]})
    found = complete_dominance(frame, outcome="y", predictors=["a", "b"])
    assert found.wins == {("a", "b"): 0.0, ("b", "a"): 0.0}
    assert str(found) == "complete dominance for y, 4 answers: none dominates another"
    assert conditional_dominance(frame, outcome="y", predictors=["a", "b"]).dominates == ()


def test_what_cannot_be_told_is_empty() -> None:
    frame = pl.DataFrame({"a": [1, 2, 3], "y": [5, 5, 5]})
    assert conditional_dominance(frame, outcome="y", predictors=["a"]).added == {}
    assert complete_dominance(frame, outcome="y", predictors=["a"]).wins == {}
    few = pl.DataFrame({"a": [1, 2, 3], "y": [5, 4, 1]})
    part = conditional_dominance(few, outcome="y", predictors=["a"]).added["a"][0]
    assert (part.low, part.high) == (None, None)


def test_too_many_are_refused() -> None:
    names = [*(f"x{place}" for place in range(17)), "y"]
    for function in (conditional_dominance_from_gram, complete_dominance_from_gram):
        with pytest.raises(TooManyPredictors, match="at most 16"):
            function(np.eye(19), names=names, outcome="y")


def test_results_are_plain_json_and_tables_and_charts() -> None:
    gram, options = gram_of(published.SWISS)
    for function in (conditional_dominance_from_gram, complete_dominance_from_gram):
        found = function(gram, **options)
        assert json.loads(json.dumps(found.to_dict()))["answers"] == 47
        assert "Education" in found._repr_html_()
        assert found.plot().to_dict()["layer"]


@pytest.mark.slow
def test_intervals_cover_what_they_say() -> None:
    generator = np.random.default_rng(4)
    mixing = np.linalg.cholesky(0.5 * np.eye(4) + 0.5)
    mixing[3] = [0.5, 0.6, 0.8, 0.8]
    truth = mixing @ mixing.T
    scale = np.sqrt(np.diag(truth))
    expected = sum_conditional(truth / np.outer(scale, scale), [1, 1, 1])
    hits = []
    for _ in range(250):
        rows = np.column_stack([np.ones(300), generator.normal(size=(300, 4)) @ mixing.T])
        found = conditional_dominance_from_gram(rows.T @ rows, names=list("abcy"), outcome="y")
        hits.append(
            [
                [part.low <= value <= part.high for part, value in zip(parts, row, strict=True)]
                for parts, row in zip(found.added.values(), expected, strict=True)
            ]
        )
    assert 0.93 <= np.mean(hits) <= 0.97
