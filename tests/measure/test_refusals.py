"""What cannot be computed is said in words, with what to do; and nothing is left out in silence."""

import datetime

import numpy as np
import polars as pl
import pytest

from kokemus import measure

EMPTY = pl.DataFrame(
    schema={"x": pl.Float64, "y": pl.Float64, "unit": pl.Int64, "t": pl.Int64, "score": pl.Int64}
)
SERIES = dict(zip("xy", np.random.default_rng(3).normal(size=(2, 60)), strict=True))


def over(time, **options):
    return measure.granger(pl.DataFrame({**SERIES, "t": time}), **options)


def test_numbers_that_read_as_year_and_month_have_no_gap_at_new_year() -> None:
    months = [(2010 + i // 12) * 100 + i % 12 + 1 for i in range(60)]
    plain = over(range(60))

    assert (over(months).f, over(months).periods, over(months).gaps) == (plain.f, 57, ())
    without_may = [month + (month >= 201005) for month in months[:12]]
    jumped = measure.granger(
        pl.DataFrame({"x": SERIES["x"][:11], "y": SERIES["y"][:11], "t": without_may[:11]}), order=1
    )
    assert jumped.gaps == ((201004, 201006),)


def test_granger_says_after_what_gaps_periods_are_left_out() -> None:
    day = datetime.date(2010, 1, 4)
    weekdays = [day + datetime.timedelta(7 * (i // 5) + i % 5) for i in range(60)]

    assert str(over(weekdays)).endswith(
        "24 periods, 44 left out after 11 gaps in t, the first from 2010-01-08 to 2010-01-11"
        " (if nothing was jumped over there, number the periods 0, 1, 2, …)"
    )
    assert over(weekdays).to_dict()["gaps"][0] == ["2010-01-08", "2010-01-11"]
    lacking = pl.DataFrame({**SERIES, "t": range(60)}).with_columns(
        x=pl.when(pl.col("t") != 30).then("x")
    )
    assert str(measure.granger(lacking)).endswith(
        "54 periods, 3 left out as they or their past have no value"
    )


def test_granger_refuses_in_words() -> None:
    for order in (1.5, [1, 2], "1"):
        with pytest.raises(TypeError, match="order is one whole number of periods"):
            over(range(60), order=order)
    with pytest.raises(TypeError, match="rows of a frame have no order of their own"):
        measure.granger(EMPTY, time=None)
    assert over(range(60), order=np.int64(2)).order == 2


def test_empty_frames_cannot_tell() -> None:
    assert str(measure.cross_lagged(EMPTY)).endswith("cannot tell: there are no two periods")
    assert str(measure.integrity_signs(EMPTY, score="score")) == "cannot tell: no units"
    assert str(measure.funnel(EMPTY)) == "NPS funnel: cannot tell, no unit with 5 answers"
    for call, error in (
        (lambda: measure.experiment(EMPTY, outcome="y", arm="unit", control=1), measure.UnknownArm),
        (
            lambda: measure.win_probability(EMPTY, arm="unit", control=1, treatment=2),
            measure.UnknownArm,
        ),
        (
            lambda: measure.difference_between(EMPTY, group="unit", later=2, earlier=1),
            measure.UnknownGroup,
        ),
        (
            lambda: measure.decompose_change(EMPTY, "score", "t", "unit", 1, 2),
            measure.UnknownPeriod,
        ),
    ):
        with pytest.raises(error, match=r"^cannot tell: no row names"):
            call()


def test_an_outcome_without_residual_variance_is_named() -> None:
    exact = pl.DataFrame(
        {"y": [1.0, 1, 3, 3, 2, 2, 4, 4], "s": list("aabbaabb"), "k": list("ccccdddd")}
    )
    with pytest.raises(measure.CannotAttribute, match="s and k explain every answer exactly"):
        measure.attribution(exact, factors=["s", "k"])
    with pytest.raises(measure.CannotAttribute, match="s explain every answer exactly"):
        measure.attribution(exact.head(4), factors=["s"])
    with pytest.raises(measure.CannotAttribute, match="the covariates explain every answer"):
        measure.attribution(exact.with_columns(x=pl.col("y") * 2), factors=["s"], covariates=["x"])


def test_a_factor_that_is_not_there_is_named() -> None:
    rng = np.random.default_rng(1)
    frame = pl.DataFrame({"y": rng.normal(size=60), "staff": list("abcdef") * 10})
    with pytest.raises(KeyError, match=r"there is no factor 'stuff'; there are \['staff'\]"):
        measure.attribution(frame, factors=["staff"]).rank("stuff")


@pytest.mark.parametrize("confidence", ["0.95", None])
def test_a_confidence_in_words_is_refused(confidence) -> None:
    frame = pl.DataFrame({"score": [9, 3, 8, 10] * 5, "period": range(20)})
    for call in (measure.nps, measure.mean_score, measure.change_points):
        with pytest.raises(TypeError, match=r"^confidence must be a number such as 0.95, not "):
            call(frame, confidence=confidence)


def test_counts_in_words_are_refused() -> None:
    with pytest.raises(TypeError, match="counts must be numbers, not 'a'"):
        measure.intervals.nps_interval("a", 1, 2)
