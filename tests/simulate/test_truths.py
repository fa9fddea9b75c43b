"""Each planted truth can be found again in the scores, by someone who sees only the scores."""

import datetime
import re
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest

from kokemus.simulate import truths
from kokemus.simulate.company import Company, simulate_company

ENDS = datetime.datetime(2026, 11, 20, 14, 0, tzinfo=datetime.UTC)
LOGIN = re.compile(
    r"kirjautu|tunnistautu|logga|inlogg|identifiering|log in|logs me|login|bank codes"
)

REMINDER = re.compile(
    r"tekstiviesti|muistutusviesti|textmeddelande|påminnelse"
    r"|text message|reminder"
)


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate_company(ends=ENDS)


@pytest.fixture(scope="module")
def answers(company: Company) -> pl.DataFrame:
    turns = {event.code: event.happened_at.replace(tzinfo=None) for event in company.events}
    at = pl.col("happened_at")
    return company.answers().with_columns(
        winter=at.dt.month().is_in([12, 1, 2]),
        oulu=pl.col("region") == "oulu",
        senior=pl.col("segment") == "senior",
        electrician=pl.col("partner") == "sahko-sarastus",
        new_invoice=at >= turns["new-invoice"],
        trained=at >= turns["phone-training"],
        login_trouble=at >= turns["login-trouble"],
        inner=pl.struct("kind", "score").map_elements(
            lambda row: _expected(row["kind"], row["score"]), return_dtype=pl.Float64
        ),
    )


def _expected(kind: str, score: int) -> float:
    """Experience expected of a score where no effect moves it."""
    cuts = (-9.0, *truths.CUTS[kind], 9.0)
    place = score - truths.SCORE_LOW[kind]
    low, high = cuts[place], cuts[place + 1]
    normal = NormalDist()
    return (normal.pdf(low) - normal.pdf(high)) / (normal.cdf(high) - normal.cdf(low))


def level(frame: pl.DataFrame) -> float:
    """Mean experience, from the share at or below each cut of the scale: a probit by moments."""
    kinds = frame["kind"].unique().to_list()
    assert len(kinds) == 1
    low, cuts = truths.SCORE_LOW[kinds[0]], truths.CUTS[kinds[0]]
    found = []
    for place, cut in enumerate(cuts):
        share = float((frame["score"] <= low + place).mean())  # type: ignore[arg-type]
        if 0.03 < share < 0.97:
            found.append(cut - NormalDist().inv_cdf(share))
    return sum(found) / len(found)


def contrast(frame: pl.DataFrame, column: str) -> float:
    """Difference of experience where `column` holds, weighed over the touchpoints."""
    differences, weights = [], []
    for (_,), part in frame.group_by("touchpoint", maintain_order=True):
        yes, no = part.filter(pl.col(column)), part.filter(~pl.col(column))
        differences.append(level(yes) - level(no))
        weights.append(1 / (1 / len(yes) + 1 / len(no)))
    return float(np.average(differences, weights=weights))


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave what no event, winter, region, segment or partner touched."""
    disturbed = ["winter", "oulu", "senior", "electrician", "trained", "login_trouble"]
    untouched = ~pl.any_horizontal(disturbed) | (
        pl.col("trained")
        & (pl.col("touchpoint") != "phone-service")
        & ~pl.any_horizontal([name for name in disturbed if name != "trained"])
    )
    dark = pl.col("new_invoice") & (pl.col("touchpoint") == "invoice")
    return frame.filter(untouched & ~dark & (pl.col("handoffs") == 0))


@pytest.mark.parametrize("touchpoint", truths.TOUCHPOINTS)
def test_touchpoint_has_its_level(answers: pl.DataFrame, touchpoint: str) -> None:
    found = level(plain(answers.filter(pl.col("touchpoint") == touchpoint)))
    assert found == pytest.approx(truths.TOUCHPOINTS[touchpoint], abs=0.12)


@pytest.mark.parametrize(
    ("column", "touchpoints", "effect"),
    [
        ("electrician", ["installation-visit"], truths.ELECTRICIAN),
        ("new_invoice", ["invoice"], truths.INVOICE),
        ("trained", ["phone-service"], truths.TRAINING),
        ("login_trouble", ["booking", "app"], truths.LOGIN),
    ],
)
def test_touchpoint_is_moved(
    answers: pl.DataFrame, column: str, touchpoints: list[str], effect: float
) -> None:
    found = contrast(answers.filter(pl.col("touchpoint").is_in(touchpoints)), column)
    assert found == pytest.approx(effect, abs=0.12)


@pytest.mark.parametrize(
    ("column", "effect"),
    [("winter", truths.WINTER), ("oulu", truths.OULU), ("senior", truths.SENIOR)],
)
def test_everything_is_moved(answers: pl.DataFrame, column: str, effect: float) -> None:
    assert contrast(answers, column) == pytest.approx(effect, abs=0.05)


def test_what_moves_nothing_moves_nothing(answers: pl.DataFrame) -> None:
    marked = answers.with_columns(
        swedish=pl.col("language") == "sv", by_email=pl.col("channel") == "email"
    )
    assert contrast(marked, "swedish") == pytest.approx(0, abs=0.06)
    assert contrast(marked, "by_email") == pytest.approx(0, abs=0.06)
    visits = marked.filter(pl.col("touchpoint") == "installation-visit", ~pl.col("electrician"))
    visits = visits.with_columns(plumber=pl.col("partner") == "putkityo-purola")
    assert contrast(visits, "plumber") == pytest.approx(0, abs=0.1)


def test_handoffs_cost_by_the_leg(answers: pl.DataFrame) -> None:
    passed = answers.filter(pl.col("touchpoint").is_in(["phone-service", "chat", "complaint"]))
    for legs in (1, 2):
        pair = passed.filter(pl.col("handoffs").is_in([0, legs]))
        found = contrast(pair.with_columns(passed_on=pl.col("handoffs") > 0), "passed_on")
        assert found == pytest.approx(legs * truths.HANDOFF, abs=0.1)


def _share_of_variance(frame: pl.DataFrame, column: str) -> float:
    """Correlate experience between different answers of the same group, scores' coarseness undone.

    The expectation of experience given a score varies less than experience; by as much does it
    damp a covariance, to first order.
    """
    centred = frame.with_columns(
        inner=pl.col("inner") - pl.col("inner").mean().over("touchpoint", "electrician", "oulu"),
        kept=pl.col("inner").var().over("touchpoint"),
    )
    groups = centred.group_by(column).agg(
        total=pl.col("inner").sum(),
        squares=(pl.col("inner") ** 2).sum(),
        kept=pl.col("kept").sum(),
        kept_squares=(pl.col("kept") ** 2).sum(),
    )
    products = (groups["total"] ** 2 - groups["squares"]).sum()
    pairs = (groups["kept"] ** 2 - groups["kept_squares"]).sum()
    return float(products / pairs)


def test_customers_history_is_large_and_staff_small(answers: pl.DataFrame) -> None:
    others = answers.filter(pl.col("touchpoint") != "relationship")
    assert _share_of_variance(others, "contact") == pytest.approx(truths.CUSTOMER_SHARE, abs=0.05)
    met = others.filter(pl.col("staff") != "")
    assert _share_of_variance(met, "staff") == pytest.approx(truths.STAFF_SHARE, abs=0.015)


def test_human_encounters_carry_more_than_digital(answers: pl.DataFrame) -> None:
    relates = answers.filter(pl.col("touchpoint") == "relationship").sort("happened_at")
    found = relates
    for mode in ("human", "digital"):
        of_mode = answers.filter(pl.col("mode") == mode, pl.col("touchpoint") != "relationship")
        column = of_mode.sort("happened_at").select("contact", "happened_at", last=pl.col("inner"))
        found = found.sort("happened_at").join_asof(
            column.rename({"last": mode}), on="happened_at", by="contact", strategy="backward"
        )
    both = found.drop_nulls(["human", "digital"])
    matrix = np.column_stack([np.ones(len(both)), both["human"], both["digital"]])
    slopes, *_ = np.linalg.lstsq(matrix, both["inner"].to_numpy())
    # One in six latest encounters was not answered, and a score keeps nine tenths of experience.
    planted = (truths.HUMAN_WEIGHT - truths.DIGITAL_WEIGHT) * 5 / 6 * 0.9
    assert slopes[1] > slopes[2] > 0
    assert slopes[1] - slopes[2] == pytest.approx(planted, abs=0.1)


def test_oulu_grows(answers: pl.DataFrame) -> None:
    months = answers.group_by(pl.col("happened_at").dt.truncate("1mo")).agg(pl.col("oulu").mean())
    shares = months.sort("happened_at")["oulu"]
    assert shares[:3].mean() == pytest.approx(truths.OULU_SHARE_FIRST + 0.01, abs=0.02)
    assert shares[-3:].mean() == pytest.approx(truths.OULU_SHARE_LAST - 0.01, abs=0.02)


def test_volumes_follow_weekday_winter_and_growth(company: Company) -> None:
    met = pl.DataFrame(
        {
            "at": company.encounters.happened_at,
            "mode": [company.touchpoints[i].mode for i in company.encounters.touchpoint.tolist()],
        }
    )
    local = pl.col("at").dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Helsinki")
    met = met.with_columns(weekday=local.dt.weekday(), hour=local.dt.hour(), month=local.dt.month())
    for profile, rows in (
        ("digital", met.filter(pl.col("mode") == "digital")),
        ("staffed", met.filter(pl.col("mode") != "digital")),
    ):
        shares = rows["weekday"].value_counts(normalize=True).sort("weekday")["proportion"]
        planted = np.array(truths.WEEKDAY_VOLUMES[profile])
        assert shares.to_numpy() == pytest.approx(planted / planted.sum(), abs=0.01)
    staffed = met.filter(pl.col("mode") != "digital")
    assert set(staffed["hour"].unique()) <= set(range(6, 21))
    year = met.filter(pl.col("at").dt.year() == 2025)["month"].value_counts().sort("month")["count"]
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    daily = year.to_numpy() / days
    winter = (daily[0] + daily[1] + daily[11]) / 3
    assert winter / daily[2:11].mean() == pytest.approx(truths.WINTER_VOLUME, abs=0.06)
    half = len(met) // 2
    span = met["at"][half] - met["at"][0]
    assert span / (met["at"][-1] - met["at"][0]) == pytest.approx(0.53, abs=0.015)


def test_login_rises_in_comments_of_the_last_weeks(answers: pl.DataFrame) -> None:
    said = answers.filter(pl.col("touchpoint").is_in(["booking", "app"]), pl.col("comment") != "")
    about = [bool(LOGIN.search(comment.lower())) for comment in said["comment"]]
    late = said["login_trouble"].to_numpy()
    shares = np.array(about)[~late].mean(), np.array(about)[late].mean()
    assert shares[0] < 0.03
    assert shares[1] > 0.12
    assert shares[1] > 8 * shares[0]


def test_late_reminders_rise_in_comments_of_the_last_week(company: Company) -> None:
    answers = company.answers()
    said = answers.filter(
        pl.col("touchpoint").is_in(truths.REMINDED), pl.col("theme") != "", pl.col("comment") != ""
    )
    since = {event.code: event.happened_at for event in company.events}["late-reminders"]
    late = (said["answered_at"].dt.replace_time_zone("UTC") >= since).to_numpy()
    about = np.array([bool(REMINDER.search(comment.lower())) for comment in said["comment"]])
    assert about[~late].mean() < 0.05
    assert about[late].mean() == pytest.approx(truths.REMINDER_SHARE, abs=0.12)


def test_docstring_states_the_truths() -> None:
    text = simulate_company.__doc__ or ""
    for number in (
        *(f"{abs(effect):.2f}" for effect in (truths.ELECTRICIAN, truths.INVOICE, truths.TRAINING)),
        *(f"{effect:.2f}" for effect in (truths.LOGIN, truths.WINTER, truths.HANDOFF, truths.OULU)),
        *(f"{effect:.2f}" for effect in (truths.HUMAN_WEIGHT, truths.DIGITAL_WEIGHT)),
        *(f"{round(share * 100)} %" for share in (truths.CUSTOMER_SHARE, truths.STAFF_SHARE)),
        *(f"{round(rate * 100)} %" for rate in truths.COMMENT_RATES.values()),
    ):
        assert number in text
