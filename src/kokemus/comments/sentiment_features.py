"""Texts as hashed features, for a whole batch at once and with NumPy alone.

All texts become one array of code points. The hash of any stretch of it is a difference of two
running sums (a polynomial hash over the integers modulo 2**64), so character n-grams, words, word
pairs and negated words cost a few array operations each, however many texts there are. Features
fall into two tables, one of character n-grams and one of words; each text's values are scaled
`(1 + log count) * idf` and to length one within each table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Shapes = NDArray[np.float64]
Stretches = tuple[Integers, Integers, Integers]
"""First and last place of each, and its bucket."""

CHARACTERS_MAX = 20_000
"""A longer text is read up to here."""

BATCH_CHARACTERS = 200_000
TEXTS_MAX = 1 << 13
"""A batch's place in the texts and the bucket share 32 bits."""

CHARACTER_BITS = 18
WORD_BITS = 17
CHARACTER_BUCKETS = 1 << CHARACTER_BITS
BUCKETS = CHARACTER_BUCKETS + (1 << WORD_BITS)
GRAMS = (2, 3, 4, 5)
SHAPES = 4
STEM_LETTERS = 5
NEGATION_REACH = 3
_FINNISH_NEGATIONS = """
en et ei emme ette eivät enkä etkä eikä emmekä ettekä eivätkä älä älkää ettei ettet etten etteivät
ellei eipä ilman tuskin
"""
_SWEDISH_NEGATIONS = "inte ej icke ingen inget inga aldrig utan varken knappt"
_ENGLISH_NEGATIONS = """
not no never none nothing nobody without cannot cant can't dont don't didn't didnt doesn't doesnt
isn't isnt wasn't wasnt aren't weren't won't wont wouldn't couldn't shouldn't hasn't haven't hadn't
ain't neither nor hardly barely
"""
NEGATIONS = frozenset((_FINNISH_NEGATIONS + _SWEDISH_NEGATIONS + _ENGLISH_NEGATIONS).split())

_BASE = 0x9E3779B97F4A7C15
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_PAIR = np.uint64(0xC2B2AE3D27D4EB4F)
_NEGATED, _STEM, _PAIRED, _NEGATED_STEM = (
    np.uint64(salt)
    for salt in (0x27D4EB2F165667C5, 0x85EBCA77C2B2AE63, 0x165667B19E3779F9, 0xA0761D6478BD642F)
)
_SPACE, _LETTER, _MARK = 0, 1, 2
_TABLE_END = 0x3000
_KEY_BITS = 19
_LAST_SPACE = 32


@dataclass(frozen=True)
class Features:
    """One row for each feature of each text, texts in order: which text, which bucket, how often.

    `shapes` has a row for each text: how long it is, how much it exclaims, asks and shouts.
    """

    documents: Integers
    buckets: Integers
    counts: Integers
    shapes: Shapes
    size: int


@dataclass(frozen=True)
class Places:
    """Where the features of some texts stand: a row for each place, in its own text.

    The places come in the order of the features, each with as many as its count.
    """

    features: Features
    starts: Integers
    ends: Integers


def count_features(
    texts: Sequence[str], *, is_known: NDArray[np.bool_] | None = None
) -> Iterator[Features]:
    """The features of the texts, in chunks; only those of known buckets, if these are given."""
    for chunk in _chunks(texts):
        codes, documents, _ = _read(chunk)
        shapes = _shapes(codes, documents, chunk)
        keys = []
        for first, _, buckets in _stretches(codes):
            kept = slice(None) if is_known is None else np.flatnonzero(is_known[buckets])
            keys.append((documents[first[kept]] << _KEY_BITS | buckets[kept]).astype(np.uint32))
        yield _count(np.sort(np.concatenate(keys)), shapes)


def find_places(
    texts: Sequence[str], *, is_known: NDArray[np.bool_] | None = None
) -> Iterator[Places]:
    """Every place of every feature of the texts, in the chunks of `count_features`.

    What a text is like as a whole is left out: `shapes` are zeros.
    """
    for chunk in _chunks(texts):
        codes, documents, starts = _read(chunk)
        stretches = list(_stretches(codes))
        first = np.concatenate([item[0] for item in stretches])
        last = np.concatenate([item[1] for item in stretches]) - 1
        buckets = np.concatenate([item[2] for item in stretches])
        if is_known is not None:
            kept = np.flatnonzero(is_known[buckets])
            first, last, buckets = first[kept], last[kept], buckets[kept]
        keys = documents[first] << _KEY_BITS | buckets
        order = _order(keys)
        features = _count(keys[order].astype(np.uint32), np.zeros((len(chunk), SHAPES)))
        sizes = np.array([len(text) for text in chunk])
        ends = np.minimum(starts[last] + 1, sizes[documents[first]])
        yield Places(features, np.maximum(starts[first], 0)[order], ends[order])


def join_features(parts: Iterable[Features]) -> Features:
    """The features of all texts as one, the texts numbered on from chunk to chunk."""
    found = list(parts)
    firsts = np.cumsum([0, *(part.size for part in found)])
    return Features(
        np.concatenate([part.documents + at for part, at in zip(found, firsts, strict=False)]),
        np.concatenate([part.buckets for part in found]),
        np.concatenate([part.counts for part in found]),
        np.concatenate([part.shapes for part in found]),
        int(firsts[-1]),
    )


def _count(ordered: NDArray[np.uint32], shapes: Shapes) -> Features:
    """Features of sorted keys, each a text and a bucket; a key once for each place."""
    firsts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    firsts = firsts[: len(ordered)]
    counts = np.diff(firsts, append=len(ordered))
    single = ordered[firsts].astype(np.int64)
    documents, buckets = single >> _KEY_BITS, single & (2**_KEY_BITS - 1)
    return Features(documents, buckets, counts, shapes, len(shapes))


def _order(keys: Integers) -> Integers:
    """The order that sorts the keys of 32 bits; a plain sort, which is faster than argsort."""
    paired = keys.astype(np.uint64) << np.uint64(32) | np.arange(len(keys), dtype=np.uint64)
    order: Integers = (np.sort(paired) & np.uint64(2**32 - 1)).astype(np.int64)
    return order


def _stretches(codes: Integers) -> list[Stretches]:
    hashed = _RunningHash(codes)
    return [*_grams(codes, hashed), *_words(codes, hashed)]


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    room = BATCH_CHARACTERS
    for text in texts:
        short = text[:CHARACTERS_MAX]
        if chunk and (room < len(short) or len(chunk) == TEXTS_MAX):
            yield chunk
            chunk, room = [], BATCH_CHARACTERS
        chunk.append(short)
        room -= len(short) + 3
    if chunk:
        yield chunk


def _read(texts: Sequence[str]) -> tuple[Integers, Integers, Integers]:
    """Code points in lower case, each text between spaces and ended by a zero; text; place."""
    joined = "".join(f" {text.replace(chr(0), ' ')} \0" for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32).astype(np.int64)
    ends = np.flatnonzero(codes == 0)
    lengths = np.diff(ends, prepend=-1)
    documents = np.repeat(np.arange(len(texts)), lengths)
    starts = np.arange(len(codes)) - np.repeat(ends - lengths + 2, lengths)
    codes = np.where(codes < _TABLE_END, _lower()[np.minimum(codes, _TABLE_END - 1)], codes)
    kept = _not_stretched(codes)
    return codes[kept], documents[kept], starts[kept]


def _not_stretched(codes: Integers) -> NDArray[np.bool_]:
    """False where a character is the third or later of its run ("hyvääää"), or a second space."""
    same = np.concatenate([[False], codes[1:] == codes[:-1]])
    third = np.concatenate([[False], same[1:] & same[:-1]])
    kept: NDArray[np.bool_] = ~(third | (same & (codes == 32)))
    return kept


def _shapes(codes: Integers, documents: Integers, texts: Sequence[str]) -> Shapes:
    """Length, exclamation marks, questions and capitals of each text, each about 0 to 1."""
    lengths = np.array([len(text) for text in texts])
    exclaims = np.bincount(documents, codes == ord("!"), len(texts))
    asks = np.bincount(documents, codes == ord("?"), len(texts))
    shouts = [len(text) > 3 and text.isupper() for text in texts]
    columns = (np.log(lengths + 1) / 4, np.minimum(exclaims, 3) / 2, asks > 0, shouts)
    return np.stack(columns, axis=1).astype(np.float64)


class _RunningHash:
    """The hash of every stretch of the codes, from two running sums."""

    def __init__(self, codes: Integers) -> None:
        powers, inverses = _powers(1 << len(codes).bit_length())
        self.sums = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum((codes + 1).astype(np.uint64) * inverses[: len(codes)], out=self.sums[1:])
        self.powers = powers

    def of(self, first: Integers, last: Integers) -> Hashes:
        """Hashes of the stretches from `first` up to before `last`."""
        hashes: Hashes = (self.sums[last] - self.sums[first]) * self.powers[first]
        return hashes


@cache
def _powers(size: int) -> tuple[Hashes, Hashes]:
    def of(base: int) -> Hashes:
        steps = np.full(size, base, np.uint64)
        steps[0] = 1
        return np.cumprod(steps)

    return of(_BASE), of(_BASE_INVERSE)


def _grams(codes: Integers, hashed: _RunningHash) -> Iterator[Stretches]:
    """Stretches of so many characters of one word, the space before and after it included."""
    is_space = codes <= _LAST_SPACE
    spaces = np.concatenate([[0], np.cumsum(is_space)])
    for length in GRAMS:
        inside = spaces[length - 1 : -1] - spaces[1 : len(spaces) - length + 1]
        if length == 2:
            inside = is_space[1:] & is_space[:-1]
        first = np.flatnonzero(inside == 0)
        hashes = hashed.of(first, first + length) + np.uint64(length)
        yield first, first + length, _bucket(hashes, CHARACTER_BITS)


def _words(codes: Integers, hashed: _RunningHash) -> Iterator[Stretches]:
    """Words, their beginnings, pairs of neighbours, and what stands after a negation."""
    first, last = _word_bounds(codes)
    hashes = hashed.of(first, last)
    stem = hashed.of(first, np.minimum(last, first + STEM_LETTERS)) ^ _STEM
    clause = np.cumsum(_ends_clause(codes), dtype=np.int64)[first]
    negated = _negated(hashes, clause)
    pairs = np.flatnonzero(clause[1:] == clause[:-1]) if len(first) else np.zeros(0, np.int64)
    paired = (hashes[pairs] * _PAIR + hashes[pairs + 1]) ^ _PAIRED
    yield first, last, _word_bucket(hashes)
    yield first, last, _word_bucket(stem)
    yield first[pairs], last[pairs + 1], _word_bucket(paired)
    yield first[negated], last[negated], _word_bucket(hashes[negated] ^ _NEGATED)
    yield first[negated], last[negated], _word_bucket(stem[negated] ^ _NEGATED_STEM)


def _word_bounds(codes: Integers) -> tuple[Integers, Integers]:
    """Runs of letters and digits (an apostrophe between letters included), and of marks."""
    kinds = np.where(codes < _TABLE_END, _kinds()[np.minimum(codes, _TABLE_END - 1)], _MARK)
    inner = (codes == 0x27) | (codes == 0x2019)
    inner[1:-1] &= (kinds[:-2] == _LETTER) & (kinds[2:] == _LETTER)
    kinds = np.where(inner, _LETTER, kinds)
    edges = np.flatnonzero(np.diff(kinds, prepend=-1))
    ends = np.append(edges[1:], len(codes))
    words = kinds[edges] != _SPACE
    return edges[words], ends[words]


def _ends_clause(codes: Integers) -> NDArray[np.bool_]:
    return np.isin(codes, (0, *map(ord, ".,;:!?()\n")))


def _negated(hashes: Hashes, clause: Integers) -> Integers:
    """Places of the words that stand within reach after a negation of the same clause."""
    negation = np.isin(hashes, _negation_hashes())
    found = np.zeros(len(hashes), bool)
    for step in range(1, min(NEGATION_REACH, len(hashes) - 1) + 1):
        found[step:] |= negation[:-step] & (clause[step:] == clause[:-step])
    return np.flatnonzero(found & ~negation)


@cache
def _negation_hashes() -> Hashes:
    words = sorted(NEGATIONS)
    codes = np.array([ord(letter) for word in words for letter in word], np.int64)
    ends = np.cumsum([len(word) for word in words])
    return _RunningHash(codes).of(np.concatenate([[0], ends[:-1]]), ends)


def _bucket(hashes: Hashes, bits: int) -> Integers:
    mixed = (hashes ^ (hashes >> np.uint64(32))) * _MIX
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def _word_bucket(hashes: Hashes) -> Integers:
    return _bucket(hashes, WORD_BITS) + CHARACTER_BUCKETS


@cache
def _lower() -> Integers:
    lowered = [chr(code).lower() for code in range(_TABLE_END)]
    table = [ord(low) if len(low) == 1 else code for code, low in enumerate(lowered)]
    for space in (9, 10, 13, 0xA0):
        table[space] = 32 if space != 10 else 10
    return np.array(table, np.int64)


@cache
def _kinds() -> NDArray[np.int8]:
    letters = [chr(code).isalnum() for code in range(_TABLE_END)]
    spaces = [chr(code).isspace() or code == 0 for code in range(_TABLE_END)]
    return np.where(letters, _LETTER, np.where(spaces, _SPACE, _MARK)).astype(np.int8)
