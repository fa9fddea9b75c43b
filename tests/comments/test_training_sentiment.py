"""The shipped sentiment weights are made by a script, and come out the same each time."""

import hashlib
import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from training.sentiment_talk import best_cuts, fit_cuts, labels_at
from training.sentiment_texts import GOLD, ROOT, read_examples, read_gold, read_own, read_talk

from kokemus.comments.calibration import probabilities
from kokemus.comments.sentiment_weights import FOLDER, load_weights
from training import sentiment as training
from training import sentiment_texts

OWN_TEXTS = {"fi": "e27be29143095d3f", "sv": "cde0df9336d5bec2", "en": "89126b9a8630e469"}


def write_sets(folder: Path) -> None:
    """Sets of nonsense in the form of the open ones."""
    random = Random(2)
    words = [[f"{mark}{stem}" for stem in ("onpa", "olla", "ista")] for mark in ("hu", "ne", "yl")]

    def text(pole: int) -> str:
        return " ".join(random.choice(words[pole]) for _ in range(6))

    def rows(name: str, heading: str, lines: list[str]) -> None:
        (folder / name).write_text("\n".join([heading, *lines]) + "\n", "utf-8")

    forum = [
        f"{text(i % 3)}\t{i % 3 - 1}\t3\t{i % 3 - 1}\t{i % 3 - 1}\t0\t{i % 5 + 1}"
        for i in range(60)
    ]
    poles = [f"{text(i % 2 * 2)}\t{('neg', 'pos')[i % 2]}\t1" for i in range(40)]
    rows("finnsent_dev_splits1-16.tsv", "text\tmajority\tderived\tA\tB\tC\tsplit", forum)
    for name in ("xed_fi.tsv", "xed_sv_projected.tsv"):
        rows(name, "text\tpolarity\temotions", poles)
    debate = [f"{text(i % 3)}\t{i % 3 * 2 + 1}.0\ttrain" for i in range(40)]
    rows("absabank_imm_sv.tsv", "text\tscore\tsplit", debate)
    reviews = [line.rsplit("\t", 1)[0] for line in poles]
    rows("yelp_sentences_en.tsv", "text\tpolarity", reviews)


@pytest.mark.slow
def test_making_the_weights_twice_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a twentieth of our whole comments, or it would take two minutes."""
    write_sets(tmp_path)
    (tmp_path / "ours").mkdir()
    for path in sentiment_texts.ROOT.glob("*.txt"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        step = 20 if path.stem.startswith("comments_") else 1
        (tmp_path / "ours" / path.name).write_text("".join(lines[::step]), "utf-8")
    monkeypatch.setattr(sentiment_texts, "ROOT", tmp_path / "ours")
    for name in ("once", "twice"):
        training.write_weights(tmp_path, into=tmp_path / name)
    once, twice = (sorted((tmp_path / name).iterdir()) for name in ("once", "twice"))
    assert [path.name for path in once] == [path.name for path in twice]
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in twice]
    shipped = {path.name for path in FOLDER.iterdir() if not path.name.startswith("names")}
    assert {path.name for path in once} == shipped


def test_a_folder_without_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(training.MissingSets, match="none of the sets of 'fi'"):
        training.write_weights(tmp_path, into=tmp_path)


def test_each_sets_lines_are_read_as_what_they_are(tmp_path: Path) -> None:
    write_sets(tmp_path)
    finnish = read_examples(tmp_path, language="fi")
    assert sum(example.fold > 0 for example in finnish) == 60
    assert sum(example.is_polar for example in finnish) == 40
    assert finnish[0].shares == pytest.approx((2 / 3, 1 / 3, 0))
    assert len(read_talk(tmp_path)) == 100
    swedish = read_examples(tmp_path, language="sv")
    assert [example.label for example in swedish[40:43]] == [0, 1, 2]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_we_wrote_names_each_side(tmp_path: Path, language: str) -> None:
    write_sets(tmp_path)
    ours = [each for each in read_examples(tmp_path, language=language) if each.is_written]
    counts = [sum(example.label == label for example in ours) for label in range(3)]
    assert min(counts) > 100
    assert "" not in [example.text for example in ours]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_held_out_half_of_the_gold_set_is_never_learnt_from(language: str) -> None:
    """Two people may both write "ok"; a longer line of the held-out half stands in no list."""
    path = GOLD / f"{language}.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    held_out = {plain(row["text"]) for row in rows if row["id"] % 2 == 0}
    lists = [path.read_text("utf-8") for path in ROOT.glob(f"*_{language}.txt")]
    lines = [line for text in lists for line in text.splitlines()]
    written = {plain(text) for line in lines for text in line[2:].split(" / ")}
    assert [text for text in written & held_out if len(text) > 12] == []
    assert not {plain(text) for text in read_gold(language)[0] if len(text) > 12} & held_out


def plain(text: str) -> str:
    return text.lower().rstrip(".!")


def test_shipped_weights_are_small_and_whole() -> None:
    weights = [load_weights(name) for name in ("fi", "sv", "en", "fi_general", "fi_source")]
    assert {len(each.rarity) for each in weights} == {len(weights[0].weights)}
    assert [len(each.bias) for each in weights] == [2, 2, 2, 2, 1]
    assert all(0.4 <= each.certain <= 0.95 for each in weights)
    of_talk = [*FOLDER.glob("fi_general_*.npy"), *FOLDER.glob("fi_source_*.npy")]
    of_feedback = set(FOLDER.glob("??_*.npy")) - set(of_talk)
    assert sum(path.stat().st_size for path in of_feedback) <= 3_000_000
    assert sum(path.stat().st_size for path in of_talk) <= 1_500_000


def test_the_line_of_talk_falls_at_the_best_cut_points() -> None:
    draw = np.random.default_rng(3)
    classes = np.repeat([0, 1, 2], [150, 740, 110])
    log_odds = draw.normal(0, 1, (1_000, 2)) + 2.2 * np.eye(3)[classes][:, [0, 2]]
    line = fit_cuts(log_odds, classes)
    scaled = (log_odds - log_odds.mean()) / log_odds.std()
    wanted = labels_at(scaled, best_cuts(scaled, classes))
    shares = probabilities(line.apply(log_odds))
    assert shares.argmax(axis=1).tolist() == wanted.tolist()
    assert shares.max(axis=1).mean() == pytest.approx((wanted == classes).mean(), abs=0.02)


@pytest.mark.parametrize("language", OWN_TEXTS)
def test_the_shipped_weights_learnt_from_our_texts_as_they_are_now(language: str) -> None:
    """Where they changed: `make train-sentiment`, the report anew, then the mark here."""
    told = "".join(f"{each.text}\t{each.label}\n" for each in read_own(language))
    assert hashlib.sha256(told.encode()).hexdigest()[:16] == OWN_TEXTS[language]
