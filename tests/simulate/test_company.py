"""The invented company holds together: times, references, scales, addresses, determinism."""

import datetime
import re
import time

import numpy as np
import pytest

from kokemus.simulate import truths
from kokemus.simulate.company import Company, UnusableWindow, simulate_company
from kokemus.simulate.moments import to_column
from kokemus.simulate.organisation import aware

ENDS = datetime.datetime(2026, 11, 20, 14, 0, tzinfo=datetime.UTC)
FICTION = (  # what PTS keeps for books and films
    r"\+46 ?(?:70 ?174 ?06 ?(?:0[5-9]|[1-9]\d)|31 390 06 \d\d|40 628 04 \d\d|8 465 004 \d\d|"
    r"980 319 2\d\d)(?!\d)"
)
PHONE = re.compile(FICTION)


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate_company(ends=ENDS)


@pytest.fixture(scope="module")
def small() -> Company:
    return simulate_company(responses=3_000, ends=ENDS)


def test_company_has_the_size_asked_for(company: Company) -> None:
    sizes = len(company.responses), len(company.encounters), len(company.contacts)
    assert sizes == (60_000, 72_000, 20_000)
    opened = sum(case.resolved_at is None for case in company.cases)
    assert (opened, len(company.cases)) == (40, 1_540)


def test_columns_are_of_equal_length(company: Company) -> None:
    for table in (company.contacts, company.encounters, company.responses):
        assert {len(column) for column in vars(table).values()} == {len(table)}


def test_same_seed_gives_the_same_company(small: Company) -> None:
    again = simulate_company(responses=3_000, ends=ENDS)
    assert small.answers().equals(again.answers())
    assert small.contacts == again.contacts
    assert small.responses.key == again.responses.key
    assert small.encounters.key == again.encounters.key
    assert small.cases == again.cases


def test_another_seed_gives_another_company(small: Company) -> None:
    other = simulate_company(seed=1, responses=3_000, ends=ENDS)
    assert not small.answers().equals(other.answers())
    assert small.units == other.units


def test_ends_may_come_in_any_zone(small: Company) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=2))
    assert simulate_company(responses=3_000, ends=ENDS.astimezone(zone)).cases == small.cases


@pytest.mark.parametrize(
    ("months", "responses", "ends"),
    [(1, 3_000, ENDS), (24, 99, ENDS), (24, 3_000, ENDS.replace(tzinfo=None))],
)
def test_unusable_window_is_refused(months: int, responses: int, ends: datetime.datetime) -> None:
    with pytest.raises(UnusableWindow):
        simulate_company(months=months, responses=responses, ends=ends)


def test_tree_of_units_has_one_root_and_parents_first(company: Company) -> None:
    seen: set[str] = set()
    for unit in company.units:
        assert (unit.parent is None) == (not seen)
        assert unit.parent is None or unit.parent in seen
        seen.add(unit.code)
    assert len(seen) == len(company.units)
    assert sum(unit.kind == "partner" for unit in company.units) == 3


def test_codes_lead_somewhere(company: Company) -> None:
    units = {unit.code for unit in company.units}
    assert {point.unit for point in company.touchpoints} <= units
    assert {code for member in company.members for code, _ in member.roles} <= units
    assert [survey.touchpoint for survey in company.surveys] == [
        point.code for point in company.touchpoints
    ]
    emails = {member.email for member in company.members}
    assert len(emails) == len(company.members)
    causes = {cause.code for cause in company.causes}
    for case in company.cases:
        assert {leg.unit for leg in case.legs} <= units
        assert {leg.taken_by for leg in case.legs} <= emails | {""}
        assert {note.written_by for note in case.notes} <= emails
        assert case.cause in causes or (case.cause == "" and case.resolved_at is None)


def test_indexes_lead_somewhere(company: Company) -> None:
    met, given = company.encounters, company.responses
    for column, size in (
        (met.contact, len(company.contacts)),
        (met.touchpoint, len(company.touchpoints)),
        (met.unit, len(company.units)),
        (given.encounter, len(met)),
        (given.survey, len(company.surveys)),
    ):
        assert column.min() >= 0
        assert column.max() < size
    assert met.partner.min() == met.staff.min() == -1
    assert met.staff.max() < len(company.staff) == len(set(company.staff))
    partners = {company.units[i].kind for i in set(met.partner.tolist()) - {-1}}
    assert partners == {"partner"}
    assert len(set(given.encounter.tolist())) == len(given)
    assert np.array_equal(given.survey, met.touchpoint[given.encounter])


def test_every_name_is_in_three_languages(company: Company) -> None:
    stages = [stage for journey in company.journeys for stage in journey.stages]
    named = (*company.units, *company.journeys, *stages, *company.touchpoints)
    for each in (*named, *company.surveys, *company.causes, *company.events):
        assert set(each.names) == {"fi", "sv", "en"}
        assert all(each.names.values())


def test_times_are_in_the_window_and_in_order(company: Company) -> None:
    met, given = company.encounters, company.responses
    assert met.happened_at.min() >= to_column(company.starts)
    assert given.answered_at.max() < to_column(company.ends)
    assert (np.diff(met.happened_at) >= np.timedelta64(0)).all()
    assert (np.diff(given.answered_at) >= np.timedelta64(0)).all()
    assert (given.answered_at > met.happened_at[given.encounter]).all()


def test_keys_are_distinct_and_tell_their_time(small: Company) -> None:
    for keys, moments in (
        (small.encounters.key, small.encounters.happened_at),
        (small.responses.key, small.responses.answered_at),
    ):
        assert len(set(keys)) == len(keys)
        assert {(key.version, key.variant) for key in keys} == {(7, "specified in RFC 4122")}
        stamps = [key.int >> 80 for key in keys]
        assert stamps == moments.astype("datetime64[ms]").astype(np.int64).tolist()


def test_legs_follow_one_another(company: Company) -> None:
    answered = aware(company.responses.answered_at)
    for case in company.cases:
        assert case.opened_at == answered[case.response] == case.legs[0].started_at
        for leg, following in zip(case.legs, case.legs[1:], strict=False):
            assert leg.ended_at == following.started_at
            assert leg.unit != following.unit
        assert case.legs[-1].ended_at == case.resolved_at
        for note in case.notes:
            assert case.opened_at < note.written_at < company.ends
        for leg in case.legs:
            moments = [leg.started_at, leg.taken_at, leg.ended_at]
            known = [moment for moment in moments if moment is not None]
            assert known == sorted(known)
            assert known[-1] < company.ends


def test_open_cases_are_of_the_last_days(company: Company) -> None:
    opened = [case for case in company.cases if case.resolved_at is None]
    assert min(case.opened_at for case in opened) > company.ends - datetime.timedelta(days=7)
    waiting = sum(case.legs[-1].taken_at is None for case in opened)
    assert 10 <= waiting <= 30
    assert sum(len(case.legs) > 1 for case in opened) >= 5


def test_scores_stay_on_their_scales(company: Company) -> None:
    highest = {"nps": 10, "csat": 5, "ces": 7, "stars": 5, "thumbs": 1}
    for i, survey in enumerate(company.surveys):
        score = company.responses.score[company.responses.survey == i]
        expected = set(range(truths.SCORE_LOW[survey.kind], highest[survey.kind] + 1))
        assert set(score.tolist()) == expected


def test_nobody_can_be_reached(company: Company) -> None:
    addresses = [each for each in company.contacts.email if each]
    addresses += [member.email for member in company.members]
    assert all(address.endswith(".example") for address in addresses)
    assert len(set(addresses)) == len(addresses)
    assert all(PHONE.fullmatch(phone) for phone in company.contacts.phone if phone)
    reached = zip(company.contacts.email, company.contacts.phone, strict=True)
    assert all(email or phone for email, phone in reached)
    for comment in company.responses.comment:
        assert "@" not in comment
        assert re.search(r"\d{4}", PHONE.sub("", comment)) is None


def test_two_years_take_seconds() -> None:
    started = time.process_time()
    simulate_company(seed=1, ends=ENDS)
    assert time.process_time() - started < 5
