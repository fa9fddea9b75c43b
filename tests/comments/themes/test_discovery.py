"""Groups of like comments: found alike each time, labelled, and dropped where they say nothing."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kokemus.comments.themes import Discovery, discover_themes

SUBJECTS = {
    "parking": ["parkkipaikka", "täynnä", "auto", "halli"],
    "soup": ["keitto", "suolainen", "lounas", "kylmä"],
    "queue": ["jono", "kassa", "odottaa", "ruuhka"],
}
FILLERS = [f"sana{letter}{other}" for letter in "abcdefghij" for other in "klmnopqrst"]


def planted(seed: int = 3, each: int = 60, noise: int = 120) -> tuple[list[list[str]], list[str]]:
    """Comments on three subjects and on nothing in particular, with what each is about."""
    chance = np.random.default_rng(seed)
    comments, about = [], []
    for subject, words in SUBJECTS.items():
        for _ in range(each):
            said = [*chance.choice(words, 3, replace=False), *chance.choice(FILLERS, 2)]
            comments.append([str(word) for word in chance.permutation(said)])
            about.append(subject)
    for _ in range(noise):
        comments.append([str(word) for word in chance.choice(FILLERS, 5)])
        about.append("")
    return comments, about


def purity(found: Discovery, about: list[str]) -> dict[str, float]:
    """Of each group the share of its commonest subject, by that subject."""
    shares = {}
    for theme in found.themes:
        named = [about[place] for place in theme.comments]
        commonest = max(set(named), key=named.count)
        shares[commonest] = named.count(commonest) / len(named)
    return shares


def test_planted_subjects_are_found_and_noise_is_not() -> None:
    comments, about = planted()
    found = discover_themes(comments, k=6)
    shares = purity(found, about)
    assert set(shares) == set(SUBJECTS)
    assert min(shares.values()) > 0.9
    assert found.method == "lemmas"
    assert found.covered == pytest.approx(180 / 300, abs=0.05)


def test_a_group_is_labelled_by_its_own_words() -> None:
    comments, about = planted()
    for theme in discover_themes(comments, k=6).themes:
        subject = about[theme.comments[0]]
        said = {word for term, _ in theme.words[:3] for word in term.split()}
        assert said <= set(SUBJECTS[subject])
        assert theme.label == ", ".join(term for term, _ in theme.words[:3])
        assert 0.05 <= theme.coherence <= 1


def test_the_same_seed_gives_the_same_groups() -> None:
    comments, _ = planted()
    assert discover_themes(comments, k=6, seed=5) == discover_themes(comments, k=6, seed=5)


def embed(about: list[str], *, seed: int = 4) -> NDArray[np.int8]:
    """Made-up embeddings: one direction a subject, far from the origin like real ones."""
    chance = np.random.default_rng(seed)
    middle = {subject: chance.normal(size=32) for subject in SUBJECTS}
    rows = [middle.get(subject, np.zeros(32)) for subject in about]
    vectors = np.array(rows) + chance.normal(size=(len(about), 32)) * 0.3 + 2.0
    return np.round(vectors / np.abs(vectors).max() * 127).astype(np.int8)


def test_embeddings_group_comments_that_share_no_words() -> None:
    comments, about = planted()
    found = discover_themes(comments, k=5, embeddings=embed(about), coherence_min=-1.0)
    shares = purity(found, about)
    assert found.method == "embeddings"
    assert {subject for subject, share in shares.items() if share > 0.9} >= set(SUBJECTS)


def test_a_group_whose_words_never_stand_together_is_dropped() -> None:
    comments, about = planted()
    strict = discover_themes(comments, k=5, embeddings=embed(about), coherence_min=0.2)
    loose = discover_themes(comments, k=5, embeddings=embed(about), coherence_min=-1.0)
    assert len(strict.themes) + strict.dropped == len(loose.themes) + loose.dropped == 5
    assert len(strict.themes) < len(loose.themes)


def test_overlaps_with_known_themes_are_stated() -> None:
    comments, about = planted()
    known = [["waiting"] if subject == "queue" else [] for subject in about]
    found = discover_themes(comments, k=6, known=known)
    by_subject = {about[theme.comments[0]]: theme for theme in found.themes}
    (overlap,) = by_subject["queue"].overlaps
    assert overlap.code == "waiting"
    assert overlap.share_of_group > 0.9
    assert overlap.share_of_theme > 0.9
    assert by_subject["soup"].overlaps == ()


def test_nearest_comments_differ_in_words() -> None:
    comments, _ = planted()
    texts = [" ".join(sorted(lemmas)[:2]) for lemmas in comments]
    for theme in discover_themes(comments, texts=texts, k=6).themes:
        said = [texts[place] for place in theme.nearest]
        assert len(set(said)) == len(said) == 3


def test_words_given_are_left_out() -> None:
    comments, _ = planted()
    found = discover_themes([["firma", *lemmas] for lemmas in comments], k=6, stop_words=["Firma"])
    assert not any("firma" in term for theme in found.themes for term, _ in theme.words)


@pytest.mark.parametrize("comments", [[], [["jono"]], [["ja"]] * 20])
def test_of_too_little_nothing_is_found(comments: list[list[str]]) -> None:
    found = discover_themes(comments)
    assert (found.themes, found.covered) == ((), 0.0)


def test_embeddings_join_languages_and_words_are_judged_in_their_own() -> None:
    """Half of the comments in a language whose words and whose embeddings are all its own."""
    comments, about = planted()
    chance = np.random.default_rng(5)
    axes = dict(zip(["", *SUBJECTS], np.eye(8), strict=False))
    spoken = ["fi" if place % 2 else "sv" for place in range(len(comments))]
    said = [[f"{to}{word}" for word in one] for one, to in zip(comments, spoken, strict=True)]
    vectors = np.array([axes[one] for one in about]) + chance.normal(0, 0.1, (len(about), 8))
    vectors[[to == "sv" for to in spoken], 7] += 2.0
    joined = discover_themes(said, k=4, embeddings=vectors, languages=spoken)
    assert set(SUBJECTS) <= set(purity(joined, about))
    for theme in joined.themes:
        if about[theme.comments[0]]:
            assert len(theme.comments) == pytest.approx(60, abs=6)
            assert {spoken[place] for place in theme.comments} == {"fi", "sv"}
    apart = discover_themes(said, k=4, embeddings=vectors)
    assert not [one for one in apart.themes if len({spoken[place] for place in one.comments}) > 1]
