"""Signs of gaming: on every frame, against figures by hand, and in words."""

import datetime
import math
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import sfo_2017

from kokemus import measure

NAN = math.nan
START = datetime.datetime(2024, 2, 28, 23, 50)  # noqa: DTZ001 - columns without a time zone


def encounters() -> dict[str, list]:
    """Six units of 24 encounters and a nameless one; f asks rather after what went well."""
    rows = []
    for place in range(24 * 6):
        unit, number = "abcdef"[place // 24], place % 24
        good = 1.0 if number % 2 else 0.0
        asked = 1.0 if number < 16 else 0.0
        if unit == "f":
            asked = good
        score = float((5, 7, 8, 9, 9, 10, 8, 10)[number % 8]) if asked else None
        closed = START + datetime.timedelta(minutes=9 * place)
        late = datetime.timedelta(seconds=-30 if unit == "f" and number % 3 else 40 + number)
        device = f"d{number % 4}" if unit == "f" else f"{unit}{number}"
        rows.append(
            (
                unit,
                good,
                asked,
                score,
                closed,
                closed + late,
                device,
                float(number > 11),
                number % 2,
            )
        )
    rows[0] = ("a", NAN, None, NAN, None, None, None, None, 0)
    rows.append((None, 1.0, 1.0, 9.0, START, START, "d0", 1.0, 1))
    names = ("unit", "good", "asked", "score", "closed", "answered", "device", "after", "month")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


ROWS = encounters()


def check_same(found: measure.Signs, expected: measure.Signs) -> None:
    assert [(s.unit, s.kind, s.count, s.is_found) for s in found] == [
        (s.unit, s.kind, s.count, s.is_found) for s in expected
    ]
    for numbers in zip(*map(list_numbers, (found, expected)), strict=True):
        assert numbers[0] == (None if numbers[1] is None else pytest.approx(numbers[1], rel=1e-9))


def list_numbers(signs: measure.Signs) -> list[float | None]:
    return [
        number
        for sign in signs
        for number in (
            sign.found.estimate,
            sign.found.low,
            sign.found.high,
            sign.peers,
            sign.p_value,
        )
    ]


def known(*names) -> list[tuple]:
    columns = zip(*(ROWS[name] for name in ("unit", *names)), strict=True)
    return [row for row in columns if not any(value is None or value != value for value in row)]


def test_asking_on_every_frame(make_frame) -> None:
    frame = make_frame(ROWS)
    asked = Counter(unit for unit, invited in known("asked") if invited)
    seen = Counter(unit for unit, _ in known("asked"))
    expected = measure.invitation_coverage_from_counts({u: (asked[u], seen[u]) for u in "abcdef"})
    check_same(measure.invitation_coverage(frame, invited="asked"), expected)
    assert expected[5].found.estimate == 0.5

    cells = Counter(known("month", "asked", "good"))
    tables = {
        unit: [
            tuple(cells[unit, month, *cell] for cell in ((1, 1), (1, 0), (0, 1), (0, 0)))
            for month in (0, 1)
        ]
        for unit in "abcdef"
    }
    check_same(
        measure.invitation_selectivity(frame, invited="asked", favourable="good", strata=["month"]),
        measure.invitation_selectivity_from_counts(tables),
    )


def test_answers_on_every_frame(make_frame) -> None:
    frame = make_frame(ROWS)
    scores = Counter(known("score"))
    histograms = {u: {s: scores[u, s] for s in range(11) if scores[u, s]} for u in "abcdef"}
    check_same(measure.heaping(frame, threshold=9), measure.heaping_from_histograms(histograms))
    moments = {u: [] for u in "abcdef"}
    for unit in "abcdef":
        parts = [
            [s for u, s, after in known("score", "after") if u == unit and after == side]
            for side in (0, 1)
        ]
        moments[unit] = [tuple((len(p), sum(p), sum(s * s for s in p)) for p in parts)]
    check_same(
        measure.coaching_jump(frame, after="after"), measure.coaching_jump_from_moments(moments)
    )


def test_timing_on_every_frame(make_frame) -> None:
    frame = make_frame(ROWS)
    early = Counter(u for u, a, c in known("answered", "closed") if a < c)
    times = Counter(u for u, _ in known("answered"))
    check_same(
        measure.early_answers(frame),
        measure.early_answers_from_counts({u: (early[u], times[u]) for u in "abcdef"}),
    )
    assert early == {"f": 16}
    devices = Counter(known("device"))
    answers = Counter(u for u, _ in known("device"))
    repeats = {u: answers[u] - sum(key[0] == u for key in devices) for u in "abcdef"}
    check_same(
        measure.shared_devices(frame),
        measure.shared_devices_from_counts({u: (repeats[u], answers[u]) for u in "abcdef"}),
    )
    assert repeats["f"] == 20
    check_same(
        measure.answer_bursts(frame, time="answered", minutes=10),
        measure.answer_bursts_from_blocks(blocks_by_hand(minutes=10), minutes=10),
    )


def blocks_by_hand(minutes) -> dict:
    epoch = datetime.datetime(1970, 1, 1)  # noqa: DTZ001
    windows = Counter(
        (u, int((t - epoch).total_seconds() // (60 * minutes))) for u, t in known("answered")
    )
    blocks = {}
    for (unit, window), n in windows.items():
        blocks.setdefault((unit, window // 10), []).append(n)
    found = {unit: {} for unit in "abcdef"}
    for (unit, _), counts in blocks.items():
        stretches, bursts = found[unit].get(sum(counts), (0, 0))
        found[unit][sum(counts)] = (stretches + 1, bursts + (max(counts) >= 3))
    return found


def test_everything_together_on_every_frame(make_frame) -> None:
    found = measure.integrity_signs(
        make_frame(ROWS),
        score="score",
        invited="asked",
        favourable="good",
        answered="answered",
        closed="closed",
        device="device",
    )
    assert [unit.unit for unit in found.flagged] == ["f"]
    assert found.flagged[0].families == ("asking", "timing")
    assert found.kinds == (
        "coverage",
        "selectivity",
        "heaping",
        "bursts",
        "early answers",
        "shared devices",
    )
    assert [unit.answered_share for unit in found.units] == pytest.approx(
        [15 / 24, *[16 / 24] * 4, 12 / 24]
    )
    assert "f: worth a talk." in str(found)
    assert "of its encounters answered; with all, its NPS would be between" in str(found)


def test_mantel_haenszel_is_that_of_the_textbook() -> None:
    """One stratum: the cross product, with Woolf's interval."""
    found = measure.invitation_selectivity_from_counts({"a": [(40, 10, 20, 30)]})[0]
    error = math.sqrt(1 / 40 + 1 / 10 + 1 / 20 + 1 / 30)
    assert found.found.estimate == 6
    assert (found.found.low, found.found.high) == pytest.approx(
        (6 * math.exp(-1.959963985 * error), 6 * math.exp(1.959963985 * error))
    )
    assert (found.p_value, found.is_found) == (None, False)


def test_the_airport_heaps_at_five() -> None:
    found = measure.heap_ratio_from_histogram(sfo_2017.HISTOGRAM, at=5)
    error = math.sqrt(1 / 144 + 1 / 148)
    assert found.estimate == pytest.approx(144 / 74)
    assert (found.low, found.high) == pytest.approx(
        (144 / 74 * math.exp(-1.959963985 * error), 144 / 74 * math.exp(1.959963985 * error))
    )
    assert measure.heap_ratio_from_histogram({5: 3}, at=5) == measure.Estimate(None, None, None)


def test_better_service_is_no_heap() -> None:
    """Units whose histograms are tilted by a factor per step have the same shape."""
    base = {6: 60, 7: 110, 8: 250, 9: 210, 10: 260}
    tilted = {
        name: {s: n * 1.3 ** (place * (s - 8)) for s, n in base.items()}
        for place, name in enumerate("abcdefgh", -4)
    }
    found = measure.heaping_from_histograms(tilted)
    assert [sign.is_found for sign in found] == [False] * 8
    assert min(sign.adjusted_p_value for sign in found) > 0.9


def test_at_the_top_of_the_scale_only_the_heap_there_counts() -> None:
    fair, begged = {8: 250, 9: 210, 10: 260}, {8: 200, 9: 60, 10: 460}
    units = dict.fromkeys("abcdefg", fair) | {"h": begged}
    found = measure.heaping_from_histograms(units, threshold=10)
    assert [sign.unit for sign in found if sign.is_found] == ["h"]


def test_crowds_by_chance_are_exact() -> None:
    from kokemus.measure._signs import crowd_chance

    assert [crowd_chance(n) for n in (0, 2, 3, 21)] == pytest.approx([0, 0, 0.01, 1])
    assert crowd_chance(4) == pytest.approx((10 + 4 * 90) / 10**4)


def test_bounds_are_manskis() -> None:
    score = measure.nps_from_histogram({10: 60, 8: 20, 3: 20})
    assert measure.coverage_bound(score, encounters=100) == (40, 40)
    assert measure.coverage_bound(measure.nps_from_histogram({}), encounters=9) == (-100, 100)
    with pytest.raises(ValueError, match="99 encounters cannot have 100 answers"):
        measure.coverage_bound(score, encounters=99)
    with pytest.raises(ValueError, match="must be in points, not in percent"):
        measure.coverage_bound(measure.csat_from_histogram({5: 1}), encounters=9)


def test_one_sign_or_two_of_a_family_are_no_flag() -> None:
    early = measure.early_answers_from_counts(dict.fromkeys("abcde", (1, 90)) | {"f": (60, 90)})
    shared = measure.shared_devices_from_counts(dict.fromkeys("abcde", (1, 90)) | {"f": (60, 90)})
    found = measure.integrity_from_signs([early, shared])
    assert [sign.kind for sign in found.units[5].signs] == ["early answers", "shared devices"]
    assert (found.units[5].families, found.flagged) == (("timing",), ())
    assert str(found.units[5]).startswith("f: one sign only, no flag. 60 of 90 answers before")


def test_few_units_cannot_tell() -> None:
    found = measure.early_answers_from_counts(dict.fromkeys("abc", (1, 90)) | {"f": (60, 90)})
    assert {sign.p_value for sign in found} == {None}
    assert str(found) == "no sign in 0 units\ncannot tell in 4 units"


def test_what_is_not_allowed_is_named() -> None:
    frame = pl.DataFrame({"unit": ["a"], "score": [9]})
    with pytest.raises(ValueError, match="name a column to look at"):
        measure.integrity_signs(frame)
    with pytest.raises(ValueError, match="threshold must be 2 to 10, not 11"):
        measure.heaping(frame, threshold=11)
    with pytest.raises(ValueError, match="minutes must be over 0"):
        measure.answer_bursts(frame, time="score", minutes=0)
    with pytest.raises(measure.NotNumbers, match="must hold times or seconds"):
        measure.answer_bursts(frame, time="unit")
    with pytest.raises(ValueError, match="events must be 0 to the trials"):
        measure.early_answers_from_counts({"a": (3, 2)})
    with pytest.raises(ValueError, match="level must be over 0 and under 1"):
        measure.early_answers_from_counts({"a": (1, 2)}, level=5)
    with pytest.raises(ValueError, match="counts must be 0 or more"):
        measure.invitation_selectivity_from_counts({"a": [(1, 2, 3, -4)]})


def test_results_have_tables_and_charts() -> None:
    signs = measure.early_answers_from_counts(dict.fromkeys("abcde", (1, 90)) | {"f": (60, 90)})
    whole = measure.integrity_from_signs([signs])
    for each in (signs, signs[5], signs[2:], whole, whole.units[5]):
        assert each.plot().to_dict()["$schema"]
        assert each._repr_html_().startswith("<table>")
    assert whole.to_dict()["units"][5]["signs"][0]["peers"] == pytest.approx(1 / 90)


@settings(max_examples=20)
@given(st.permutations(range(len(ROWS["unit"]))))
def test_the_order_of_rows_changes_nothing(order) -> None:
    shuffled = {name: [column[place] for place in order] for name, column in ROWS.items()}
    one, other = (
        measure.coaching_jump(pl.DataFrame(rows, strict=False), after="after")
        for rows in (ROWS, shuffled)
    )
    check_same(one, other)
