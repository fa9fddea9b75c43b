"""What comments mean, as numbers: made once for each comment, and kept beside its answer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from kokemus.store.models.comments import CommentReading, Progress
from kokemus.store.models.organisation import Organisation
from kokemus.store.models.responses import Response
from kokemus.store.visibility import WalledQuerySet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VECTOR_BYTES = 384


class CommentEmbeddingQuerySet(WalledQuerySet["CommentEmbedding"]):
    wall = "response__unit"

    def vectors_of(
        self, seen: Mapping[uuid.UUID, dt.datetime]
    ) -> dict[uuid.UUID, NDArray[np.int8]]:
        """The vectors of answers that have not changed since: key and `changed_at`."""
        rows = self.filter(pk__in=list(seen)).values_list("pk", "of", "vector")
        return {key: read_vectors([vector])[0] for key, of, vector in rows if seen[key] == of}

    def progress(self, organisation: Organisation | int) -> Progress:
        """How many of the organisation's comments that are read are embedded, too."""
        done = self.filter(organisation=organisation).count()
        total = CommentReading.objects.filter(organisation=organisation).count()
        return Progress(done, max(done, total))

    @transaction.atomic
    def write(
        self,
        vectors: Mapping[uuid.UUID, NDArray[np.int8]],
        *,
        seen: Mapping[uuid.UUID, dt.datetime],
    ) -> list[uuid.UUID]:
        """Keep those of readings that are as they were: key and `read_at`. Say which were kept.

        Nobody is waited for: what somebody else is writing is embedded in another round.
        """
        lock: dict[str, Any] = {"of": ("self",), "skip_locked": True, "no_key": True}
        answers = Response.objects.read().filter(pk__in=list(vectors)).select_for_update(**lock)
        locked = CommentReading.objects.filter(pk__in=list(answers.values_list("pk", flat=True)))
        found = locked.select_for_update(**lock).values_list(
            "pk", "organisation", "read_of", "read_at"
        )
        rows = [
            CommentEmbedding(
                response_id=key, organisation_id=organisation, vector=vectors[key].tobytes(), of=of
            )
            for key, organisation, of, at in found
            if seen[key] == at
        ]
        self.bulk_create(
            rows, update_conflicts=True, unique_fields=["response"], update_fields=["vector", "of"]
        )
        keys = [row.response_id for row in rows]
        CommentReading.objects.filter(pk__in=keys).update(awaits_embedding=False)
        return keys

    def drop_outdated(self, readings: Sequence[CommentReading]) -> set[uuid.UUID]:
        """Remove what is of other words than those read now, or had others blank.

        `readings` are about to replace what was read of the same answers before. Returns whose
        embeddings are left.
        """
        rows = self.filter(pk__in=[reading.response_id for reading in readings])
        found = rows.values_list("pk", "of", "response__reading__personal")
        made_of = {key: (of, personal) for key, of, personal in found}
        same = {
            reading.response_id
            for reading in readings
            if made_of.get(reading.response_id) == (reading.read_of, reading.personal)
        }
        if len(same) < len(made_of):
            self.filter(pk__in=made_of.keys() - same).delete()
        return same


class CommentEmbedding(models.Model):
    """384 small integers (int8) that are near for comments that mean the same.

    `of` is the `changed_at` of the answer whose comment was embedded. What was personal in the
    comment was blank, so that no name lives on here.
    """

    response = models.OneToOneField(
        Response, models.CASCADE, primary_key=True, related_name="embedding"
    )
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    vector = models.BinaryField(max_length=VECTOR_BYTES)
    of = models.DateTimeField()

    objects = CommentEmbeddingQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.response_id)


def read_vectors(kept: Iterable[bytes | memoryview]) -> NDArray[np.int8]:
    """One row a vector, in their order."""
    import numpy as np  # its threads must not be in a process that forks

    return np.frombuffer(b"".join(kept), dtype=np.int8).reshape(-1, VECTOR_BYTES)
