"""Who gets which arm, and whether the arms are as large as planned."""

import hashlib
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokemus import measure
from kokemus.measure.assignment import _point

NAN = math.nan


def test_the_arm_follows_the_documented_algorithm() -> None:
    hashed = hashlib.sha256(b"6:secret,4:mail,5:\xc3\xa5-17,").digest()
    point = (int.from_bytes(hashed[:8], "big") >> 11) / 2**53
    arms = {"a": 1.0, "b": 2.0, "c": 1.0}
    expected = "a" if point < 0.25 else "b" if point < 0.75 else "c"
    assert measure.assign_arm("å-17", experiment="mail", arms=arms, salt="secret") == expected


def test_the_arms_are_the_same_in_another_process() -> None:
    code = (
        "from kokemus import measure;"
        "print(''.join(measure.assign_arm(i, experiment='e', arms='ab') for i in range(60)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    here = "".join(measure.assign_arm(i, experiment="e", arms="ab") for i in range(60))
    assert done.stdout.strip() == here
    assert here.startswith("bbbaabbbbbbaabababab")


def test_arms_get_their_shares_and_experiments_are_independent() -> None:
    arms = {"a": 7, "b": 0, "c": 3}
    first = [measure.assign_arm(i, experiment="one", arms=arms) for i in range(20_000)]
    second = [measure.assign_arm(i, experiment="two", arms=arms) for i in range(20_000)]
    assert first.count("b") == 0
    assert first.count("a") / 20_000 == pytest.approx(0.7, abs=0.01)
    both = sum(f == "a" == s for f, s in zip(first, second, strict=True))
    assert both / 20_000 == pytest.approx(0.49, abs=0.012)


@settings(max_examples=60)
@given(st.lists(st.text(min_size=1, max_size=4), min_size=2, max_size=2, unique=True))
def test_joined_parts_do_not_collide(parts) -> None:
    """A salt that swallows the experiment's first letters is another hash."""
    whole = _point("c", parts[0] + parts[1], "")
    assert whole != _point("c", parts[1], parts[0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: measure.assign_arm("", experiment="e", arms="ab"), "neither may be empty"),
        (lambda: measure.assign_arm("c", experiment="", arms="ab"), "neither may be empty"),
        (lambda: measure.assign_arm("c", experiment="e", arms=[]), "one over 0"),
        (lambda: measure.assign_arm("c", experiment="e", arms={"a": -1, "b": 2}), "one over 0"),
        (lambda: measure.assign_arm("c", experiment="e", arms=["a", "a"]), "an arm stands twice"),
    ],
)
def test_what_cannot_be_assigned_is_named(call, words) -> None:
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("contact", [None, 1.5, True])
def test_a_contact_that_is_no_identifier_is_named(contact) -> None:
    with pytest.raises(TypeError, match="a contact is text or a whole number"):
        measure.assign_arm(contact, experiment="e", arms="ab")


ROWS = {
    "arm": ["old"] * 40 + ["new"] * 20 + [None] * 3,
    "score": [9.0, None, 3.0, NAN] * 10 + [10.0] * 15 + [None, NAN, None, None, None] + [1.0] * 3,
    "shop": [f"o{i // 4}" for i in range(40)] + [f"n{i // 4}" for i in range(20)] + ["x", "y", "y"],
}


def test_sample_ratio_on_every_frame(make_frame) -> None:
    found = measure.sample_ratio(make_frame(ROWS), answered="score", shares={"old": 1, "new": 1})
    pearson = 60 * (20 * 5 - 20 * 15) ** 2 / (40 * 20 * 35 * 25)
    assert found == measure.SampleRatio(
        arms=("new", "old"),
        assigned=(20, 40),
        shares=(0.5, 0.5),
        verdict="as planned",
        chi_square=pytest.approx(20 / 3),
        p_value=pytest.approx(math.erfc(math.sqrt(20 / 6))),
        answering=(0.75, 0.5),
        answering_verdict="as planned",
        answering_chi_square=pytest.approx(pearson),
        answering_p_value=pytest.approx(math.erfc(math.sqrt(pearson / 2))),
        unassigned=3,
    )


def test_clusters_are_counted_as_such() -> None:
    import polars as pl

    rows = {name: column[:60] for name, column in ROWS.items()}
    found = measure.sample_ratio(pl.DataFrame(rows), answered="score", cluster="shop")
    assert found.assigned == (5, 10)
    assert found.answering == (0.75, 0.5)
    assert found.answering_verdict == "cannot tell"  # every old shop answered alike: no variance
    rows["shop"][3] = "n0"
    with pytest.raises(measure.SplitClusters, match="1 clusters have rows in several arms"):
        measure.sample_ratio(pl.DataFrame(rows), cluster="shop")


def test_a_known_mismatch_is_seen() -> None:
    """Kohavi, Tang and Xu (2020), chapter 21: 821,588 against 815,482, p 1.8e-6."""
    found = measure.sample_ratio_from_counts({"control": 821588, "treatment": 815482})
    assert found.p_value == pytest.approx(1.8e-6, rel=0.02)
    assert (found.verdict, found.is_sound) == ("mismatch", False)


def test_few_cannot_tell() -> None:
    found = measure.sample_ratio_from_counts({"a": 9, "b": 0}, answers={"a": 1, "b": 0})
    assert (found.verdict, found.p_value) == ("cannot tell", None)
    assert str(found) == (
        "Sample ratio: cannot tell (assigned a 9, b 0; planned 50.0 %, 50.0 %).\n"
        "Answering: cannot tell (a 11.1 %, b none)."
    )
    assert found.to_dict()["answering"] == [pytest.approx(1 / 9), None]


def test_all_answering_is_alike() -> None:
    found = measure.sample_ratio_from_counts({"a": 50, "b": 60}, answers={"a": 50, "b": 60})
    assert (found.answering_p_value, found.answering_verdict) == (1.0, "as planned")


@pytest.mark.parametrize(
    "call",
    [
        lambda: measure.sample_ratio_from_counts({"a": 1}, answers={"b": 1}),
        lambda: measure.sample_ratio_from_counts({"a": 1}, shares={"b": 1}),
    ],
)
def test_arms_that_differ_are_named(call) -> None:
    with pytest.raises(measure.UnknownArm, match=r"the arms are \['a'\], and not \['b'\]"):
        call()


def test_more_answers_than_assigned_are_impossible() -> None:
    with pytest.raises(ValueError, match="answers must be 0 to the assigned"):
        measure.sample_ratio_from_counts({"a": 10, "b": 9}, answers={"a": 11, "b": 2})


@pytest.mark.parametrize("units", [300, 5000])
def test_the_false_alarm_is_as_stated(units) -> None:
    """The chance of a mismatch in a sound experiment with shares 1 and 3, exactly."""
    log_factorial = np.array([math.lgamma(k + 1) for k in range(units + 1)])
    count = np.arange(units + 1)
    log_chance = (
        log_factorial[-1]
        - log_factorial
        - log_factorial[::-1]
        + count * math.log(0.25)
        + (units - count) * math.log(0.75)
    )
    alarm = 0.0
    for k in count[log_chance > -40].tolist():
        found = measure.sample_ratio_from_counts({"a": k, "b": units - k}, shares={"a": 1, "b": 3})
        alarm += math.exp(log_chance[k]) * (found.verdict == "mismatch")
    assert alarm == pytest.approx(0.001, rel=0.25)
    assert measure.sample_ratio_from_counts({"a": 1, "b": 1}).false_alarm == 0.001
