"""What people teach is learnt, of their own organisation and for it alone."""

from __future__ import annotations

import datetime as dt
from itertools import cycle, islice
from typing import Any

import pytest
from tests.listen.lessons import ELSE, LATER, PARKED, read_all
from tests.readings import theme
from tests.world import NOW, World

from kokemus.comments.themes.learnt import LearntTheme
from kokemus.listen.learning import apply_themes, learn_from_scores, learn_themes
from kokemus.store.erasure import erase_person
from kokemus.store.models import (
    CommentReading,
    ReadTheme,
    Response,
    SentimentCorrection,
    SentimentFit,
    Theme,
    ThemeExample,
)
from kokemus.store.people import find_people

DAY = dt.timedelta(days=1)


def say(world: World, comment: str, score: int = 9) -> Response:
    return world.respond(score, comment=comment, language="fi")


def teach(world: World, theme: Theme, response: Response, *, is_positive: bool = True) -> None:
    ThemeExample.objects.teach(
        theme, response=response, is_positive=is_positive, by=world.agent, at=LATER
    )


def learn_from(world: World, theme: Theme, examples: list[Response]) -> None:
    """Teach the theme these among others that say something else, and let it be learnt."""
    for text in ELSE:
        say(world, text)
    read_all()
    for response in examples:
        teach(world, theme, response)
    learn_themes(now=LATER + DAY)
    theme.refresh_from_db()


def own_theme(world: World) -> Theme:
    return Theme.objects.begin(
        world.organisation, code="parking", names={"fi": "Pysäköinti"}, by=world.lead, at=NOW
    )


def is_about(response: Response, theme: Theme) -> bool:
    return ReadTheme.objects.filter(reading=response.pk, theme=theme).exists()


def test_an_own_theme_is_learnt_from_a_few_comments_and_finds_others(
    world: World, other_world: World
) -> None:
    parking = own_theme(world)
    examples = [say(world, text) for text in PARKED]
    for text in ELSE * 3:
        say(world, text)
    unseen = say(world, "Missään ei ollut parkkipaikkaa autolle")
    theirs = say(other_world, "Missään ei ollut parkkipaikkaa autolle")
    read_all()
    for response in examples:
        teach(world, parking, response)
    assert learn_themes(now=LATER) == 0, "the next correction may come in a moment"
    assert learn_themes(now=LATER + DAY) == 1
    assert learn_themes(now=LATER + DAY) == 0
    parking.refresh_from_db()
    assert (parking.quality["yes"], parking.events.last().kind) == (6, "learnt")
    assert not is_about(unseen, parking)
    assert apply_themes(now=LATER + 2 * DAY) == 25
    assert apply_themes(now=LATER + 2 * DAY) == 0
    assert read_all() == 25
    assert is_about(unseen, parking)
    assert not ReadTheme.objects.filter(reading=theirs.pk, theme=parking).exists()


def test_what_an_erased_person_taught_is_learnt_no_more(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    parking = own_theme(world)
    theirs = world.respond(
        2, comment="Parkkimörkö vei auton", language="fi", reply_to="who@left.example"
    )
    examples = [theirs, *(say(world, text) for text in PARKED)]
    learn_from(world, parking, examples)
    assert any("mörkö" in feature for feature in features_of(parking))
    [person] = find_people(world.organisation, "who@left.example")
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person, at=LATER + 2 * DAY)
    parking.refresh_from_db()
    assert parking.weights is None
    assert learn_themes(now=LATER + 3 * DAY) == 1
    parking.refresh_from_db()
    assert parking.quality["yes"] == len(PARKED)
    assert not any("mörkö" in feature for feature in features_of(parking))


def features_of(theme: Theme) -> tuple[str, ...]:
    assert theme.weights is not None
    return LearntTheme.from_bytes(bytes(theme.weights)).words.features


def test_a_correction_of_a_starting_theme_is_learnt(world: World) -> None:
    waiting = theme(world)
    wrong = [say(world, f"Jonossa oli mukava tunnelma {n}") for n in ("ja hyvä", "taas", "aina")]
    right = say(world, "Jonotin tunnin kassalla")
    read_all()
    before = [is_about(one, waiting) for one in wrong]
    assert all(before)
    for response in wrong:
        teach(world, waiting, response, is_positive=False)
    learn_themes(now=LATER + DAY)
    waiting.refresh_from_db()
    assert LearntTheme.from_bytes(bytes(waiting.weights)).no == 3
    apply_themes(now=LATER + 2 * DAY)
    alike = say(world, "Jonossa oli mukava tunnelma")
    read_all()
    assert not is_about(alike, waiting)
    assert is_about(right, waiting)


def test_too_few_examples_teach_nothing_yet_and_are_not_tried_again(world: World) -> None:
    parking = own_theme(world)
    response = say(world, PARKED[0])
    read_all()
    teach(world, parking, response)
    assert learn_themes(now=LATER + DAY) == 1
    assert learn_themes(now=LATER + DAY) == 0
    parking.refresh_from_db()
    assert parking.weights is None
    assert is_about(response, parking)


def test_what_is_learnt_has_no_names_in_it(world: World) -> None:
    parking = own_theme(world)
    examples = [say(world, f"{text}, t. Matti Virtanen") for text in PARKED]
    learn_from(world, parking, examples)
    learnt = LearntTheme.from_bytes(bytes(parking.weights))
    assert learnt.words.features
    assert not [feature for feature in learnt.words.features if "virta" in feature]


@pytest.fixture
def rated(world: World) -> World:
    """A hundred and twenty comments with scores, in an organisation that says things its way."""
    texts = {2: ("Jäi vaiheeseen", "Sama veisu taas", "Ei tullut"), 10: ("Nappiin meni", "Mainio")}
    for score, words in texts.items():
        for number, text in enumerate(islice(cycle(words), 60)):
            say(world, f"{text}, keikka numero {number}", score=score)
    read_all()
    return world


def test_an_organisation_fits_the_reading_to_its_own_scores(
    rated: World, other_world: World
) -> None:
    theirs = say(other_world, "Jäi vaiheeseen, keikka numero 99")
    read_all()
    was = CommentReading.objects.get(pk=theirs.pk).sentiment
    assert learn_from_scores(now=LATER) == 1
    fit = SentimentFit.objects.get()
    assert (fit.organisation, fit.comments, fit.kind) == (rated.organisation, 120, "calibrated")
    assert fit.is_used
    assert fit.after["loss"] <= fit.before["loss"]
    assert CommentReading.objects.progress(rated.organisation).read == 0
    assert read_all() == 120
    Response.objects.all().read_again()
    read_all()
    assert CommentReading.objects.get(pk=theirs.pk).sentiment == was


def test_nothing_is_fitted_again_until_a_day_has_passed_and_there_is_more(rated: World) -> None:
    learn_from_scores(now=LATER)
    assert learn_from_scores(now=LATER + 2 * DAY) == 0
    response = say(rated, "Jäi vaiheeseen")
    read_all()
    assert learn_from_scores(now=LATER + DAY / 2) == 0
    SentimentCorrection.objects.teach(
        response, label="negative", by=rated.agent, at=LATER + DAY / 3
    )
    assert learn_from_scores(now=LATER + DAY / 2) == 1


def test_few_comments_fit_nothing(world: World) -> None:
    say(world, "Jäi vaiheeseen", score=2)
    read_all()
    assert learn_from_scores(now=LATER) == 0
    assert not SentimentFit.objects.exists()
