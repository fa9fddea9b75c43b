from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from tests.world import NOW, World, texts

from kokemus.store.models import ApiKey, HiddenNames, Unit
from kokemus.store.published import MISS_SECONDS, KeyGrant, Published, PublishedCache


@pytest.fixture
def cache(open_world: World, database_url: str) -> Iterator[PublishedCache]:
    cache = PublishedCache(database_url)
    cache.start()
    yield cache
    cache.stop()


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_a_survey_is_found_by_its_link_and_by_its_id(
    open_world: World, cache: PublishedCache
) -> None:
    survey, organisation = open_world.survey, open_world.organisation
    published = Published(
        link=survey.link,
        survey_id=survey.pk,
        version_id=open_world.version.pk,
        scale="nps",
        texts=texts(),
        is_open=True,
        touchpoint_id=open_world.touchpoint.pk,
        unit_id=open_world.service.pk,
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        colour="#0e6a6a",
        language="en",
        time_zone="Europe/Helsinki",
    )
    assert cache.by_link(survey.link) == published
    assert cache.by_survey(survey.pk) == published
    assert (cache.by_link("nothing"), cache.by_survey(0)) == (None, None)


def test_changes_are_seen_soon(open_world: World, cache: PublishedCache) -> None:
    survey = open_world.survey
    survey.rewrite(name="Anew", texts=texts("How was it?"))
    newer = survey.publish(by=None, at=NOW)
    survey.close()
    found = lambda: cache.by_link(survey.link)  # noqa: E731
    assert soon(lambda: (one := found()) is not None and not one.is_open)
    assert (one := found()) is not None
    assert (one.version_id, one.texts["fi"]["question"]) == (newer.pk, "How was it?")


def test_a_touchpoint_given_to_another_unit_is_seen_soon(
    open_world: World, cache: PublishedCache
) -> None:
    unit = Unit.objects.plant(open_world.organisation, name="New", parent=open_world.root)
    open_world.touchpoint.change(name="Visit", mode="human", unit=unit)
    link = open_world.survey.link
    assert soon(lambda: (one := cache.by_link(link)) is not None and one.unit_id == unit.pk)


def test_who_misses_something_can_check_at_once(open_world: World, cache: PublishedCache) -> None:
    _, key = ApiKey.objects.issue(open_world.organisation, name="Shop", scopes=["responses:write"])
    time.sleep(MISS_SECONDS)
    cache.check()
    grant = cache.grant_of(key)
    assert grant is not None
    assert grant == KeyGrant(
        grant.key_id, open_world.organisation.pk, frozenset({"responses:write"})
    )


def test_a_revoked_key_is_soon_worth_nothing(open_world: World, cache: PublishedCache) -> None:
    row, key = ApiKey.objects.issue(
        open_world.organisation, name="Shop", scopes=["encounters:write"]
    )
    assert soon(lambda: cache.grant_of(key) is not None)
    row.revoke(at=NOW)
    assert soon(lambda: cache.grant_of(key) is None)


def test_what_was_known_outlives_a_broken_connection(
    open_world: World, cache: PublishedCache
) -> None:
    cache._connection.close()
    time.sleep(MISS_SECONDS)
    cache.check()
    assert cache.by_link(open_world.survey.link) is not None
    open_world.survey.close()
    assert soon(
        lambda: (one := cache.by_link(open_world.survey.link)) is not None and not one.is_open
    )


def test_what_hides_personal_data_knows_whose_names_to_hide(
    open_world: World, cache: PublishedCache
) -> None:
    survey = open_world.survey
    assert (one := cache.by_link(survey.link)) is not None
    assert (one.hides_personal_data, one.names) == (False, ())
    survey.rewrite(name="Quiet", texts=texts(), hides_personal_data=True)
    survey.publish(by=None, at=NOW)
    assert soon(lambda: (one := cache.by_link(survey.link)) is not None and bool(one.names))
    assert (one := cache.by_link(survey.link)) is not None
    assert one.hides_personal_data
    assert open_world.agent.name in one.names
    HiddenNames.objects.keep(open_world.organisation, names=["Pirkkaleena"], at=NOW)
    assert soon(lambda: "Pirkkaleena" in getattr(cache.by_link(survey.link), "names", ()))
