"""Learning from people: from corrections of themes at once, from scores once a day.

What is learnt of one organisation is learnt from its own comments and reads only those.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from kokemus.comments.themes import Embedder
from kokemus.listen.embedding import embed, without_personal
from kokemus.store.models import (
    CommentReading,
    Organisation,
    Response,
    SentimentCorrection,
    SentimentFit,
    Theme,
    ThemeExample,
)
from kokemus.store.models.embeddings import read_vectors
from kokemus.store.models.responses import ResponseQuerySet
from kokemus.store.scales import SCALES
from kokemus.store.theme_books import as_book_theme

PAUSE = dt.timedelta(seconds=2)  # who corrects one comment often corrects the next one too
OTHERS_MAX = 300
EMBEDDED_MAX = 64  # two seconds
LEARN_EVERY = dt.timedelta(days=1)
CORRECTED_EVERY = dt.timedelta(minutes=10)
SAID = ("comment", "language", "reading__language", "reading__personal")


class Said(NamedTuple):
    """A comment as it is learnt from: what was personal is blank."""

    text: str
    language: str
    vector: NDArray[np.int8] | None = None


def learn_themes(*, now: dt.datetime) -> int:
    """Learn anew the themes that people have corrected since; return how many."""
    waiting = Theme.objects.untaught().filter(taught_at__lte=now - PAUSE)
    count = 0
    for theme in waiting.select_related("organisation", "merged_into").order_by("taught_at"):
        _learn_theme(theme, now=now)
        count += 1
    return count


def apply_themes(*, now: dt.datetime) -> int:
    """Let comments be read anew where themes are found otherwise than before; return how many."""
    changed = list(Theme.objects.unapplied().filter(changed_at__lte=now - PAUSE))
    count = 0
    for organisation_id in sorted({theme.organisation_id for theme in changed}):
        count += Response.objects.filter(organisation=organisation_id).read_again()
    Theme.objects.filter(pk__in=[theme.pk for theme in changed]).mark_applied(at=now)
    return count


def learn_from_scores(*, now: dt.datetime) -> int:
    """Fit each organisation's reading of sentiment to its own scores; return how many fits.

    Once a day, and sooner where members have corrected readings; where nothing was added since
    the last time, nothing is done.
    """
    return sum(_learn_sentiment(one, now=now) for one in Organisation.objects.order_by("pk"))


def _learn_theme(theme: Theme, *, now: dt.datetime) -> None:
    from kokemus.comments.themes.learning import (  # loads what only learning needs
        TooFewExamples,
        example_of,
        learn_theme,
    )

    known = as_book_theme(theme)
    judged = ThemeExample.objects.filter(theme=theme)
    rows = Response.objects.read()
    _embed_lacking(rows.filter(theme_examples__in=judged))
    yes = _read_said(rows.filter(theme_examples__in=judged.filter(is_positive=True)))
    no = _read_said(rows.filter(theme_examples__in=judged.filter(is_positive=False)))
    others = [] if any(known.rules.values()) else _read_said(_unjudged(theme))
    made = [
        [example_of(one.text, language=one.language, embedding=one.vector) for one in of]
        for of in (yes, no, _as_the_judged(others, judged=[*yes, *no]))
    ]
    try:
        learnt = learn_theme(made[0], made[1], others=made[2], theme=known)
    except TooFewExamples:
        theme.learn_nothing(at=now)
        return
    shares = {"precision": learnt.precision, "recall": learnt.recall}
    quality: dict[str, Any] = {name: share and asdict(share) for name, share in shares.items()}
    quality |= {"yes": learnt.yes, "no": learnt.no, "by_meaning": learnt.embedded is not None}
    theme.keep_learnt(learnt.to_bytes(), quality=quality, at=now)


def _embed_lacking(judged: ResponseQuerySet) -> None:
    """Embed the comments that people judged, if they are few: what they say is learnt now."""
    lacking = CommentReading.objects.filter(pk__in=judged.filter(embedding=None).values("pk"))
    found = lacking.select_for_embedding(limit=EMBEDDED_MAX + 1)
    if Embedder.is_installed() and 0 < len(found) <= EMBEDDED_MAX:
        embed(found)


def _as_the_judged(others: list[Said], *, judged: list[Said]) -> list[Said]:
    """Learnt from by meaning where all that was judged can be, and half of the others or more."""
    embedded = [one for one in others if one.vector is not None]
    is_by_meaning = all(one.vector is not None for one in judged)
    return embedded if is_by_meaning and 2 * len(embedded) >= len(others) else others


def _unjudged(theme: Theme) -> ResponseQuerySet:
    """The newest comments that neither people nor reading gave to the theme."""
    rows = Response.objects.read().filter(organisation=theme.organisation_id)
    rows = rows.exclude(theme_examples__theme=theme).exclude(reading__read_themes__theme=theme)
    return rows.order_by("-answered_at", "-pk")[:OTHERS_MAX]


def _read_said(rows: ResponseQuerySet) -> list[Said]:
    found = list(rows.values_list(*SAID, "embedding__vector"))
    vectors = iter(read_vectors(vector for *_words, vector in found if vector is not None))
    return [
        _said(*words)._replace(vector=None if vector is None else next(vectors))
        for *words, vector in found
    ]


def _said(comment: str, asked_in: str, read_as: str, personal: list[dict[str, Any]]) -> Said:
    """The comment without what is personal in it: no name may ever weigh in what is learnt."""
    return Said(without_personal(comment, personal), read_as or asked_in)


def _learn_sentiment(organisation: Organisation, *, now: dt.datetime) -> int:
    last = SentimentFit.objects.latest_of(organisation)
    rated = _rated(organisation)
    if last is not None and not _is_due(organisation, last=last, comments=rated.count(), now=now):
        return 0
    from kokemus.comments.retraining import COMMENTS_MAX, learn_sentiment

    corrected = dict(
        SentimentCorrection.objects.filter(response__organisation=organisation).values_list(
            "response", "label"
        )
    )
    newest = rated.order_by("-answered_at", "-pk")[:COMMENTS_MAX]
    said, labels = [], []
    for *words, key, scale, score in newest.values_list(*SAID, "pk", "scale", "score"):
        said.append(_said(*words))
        labels.append(corrected.get(key) or _label(scale, score))
    texts, languages = [one.text for one in said], [one.language for one in said]
    learnt = learn_sentiment(texts[::-1], languages[::-1], labels[::-1])
    if learnt is None:
        return 0
    SentimentFit.objects.keep(
        organisation,
        kind=learnt.kind,
        weights=learnt.model.to_bytes(),
        comments=rated.count(),
        before=learnt.before.as_dict(),
        after=learnt.after.as_dict(),
        is_used=learnt.is_better,
        at=now,
    )
    if learnt.is_better:
        Response.objects.filter(organisation=organisation).read_again()
    return 1


def _rated(organisation: Organisation) -> ResponseQuerySet:
    """Comments beside which there is a score, or of which a member said how they feel."""
    rows = Response.objects.read().filter(organisation=organisation)
    return rows.filter(Q(score__isnull=False) | Q(sentiment_correction__isnull=False))


def _label(scale: str, score: int) -> str:
    from kokemus.comments.retraining import label_of_score

    return label_of_score(score, low=SCALES[scale].low, high=SCALES[scale].high)


def _is_due(
    organisation: Organisation, *, last: SentimentFit, comments: int, now: dt.datetime
) -> bool:
    said = SentimentCorrection.objects.filter(response__organisation=organisation)
    has_new = said.filter(at__gt=last.fitted_at).exists()
    if has_new and now - last.fitted_at >= CORRECTED_EVERY:
        return True
    return comments > last.comments and now - last.fitted_at >= LEARN_EVERY
