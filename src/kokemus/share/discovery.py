"""Themes that nobody has asked for: found in the background, offered to be begun.

What was asked for and what came of it lie in a file beside the column files, not in a table: it
can be lost and looked for again.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, NamedTuple

from django.utils.translation import gettext

from kokemus.comments.personal.given_names import GivenNames, ready_names
from kokemus.share.telling import CELL_MIN
from kokemus.share.theme_book import MayNotChange, may_change
from kokemus.store.files import discovery_path
from kokemus.store.models import (
    CommentEmbedding,
    CommentReading,
    HiddenNames,
    Member,
    Organisation,
    Progress,
    ReadTheme,
)
from kokemus.store.models.embeddings import read_vectors

State = Literal["none", "asked", "counting", "done"]
Method = Literal["lemmas", "embeddings"]

COMMENTS_MAX = 20_000
GROUPS = 12
EXAMPLES = 8
STALE_SECONDS = 600
ALREADY_KNOWN = 0.8
EMBEDDED_MIN = 100
LABEL_JOINT = ", "


@dataclass(frozen=True)
class Group:
    """Comments that say much the same: telling words, examples by key, and a theme it mostly is."""

    label: str
    words: tuple[str, ...]
    comments: int
    share: float
    examples: tuple[str, ...]
    known_as: str = ""


@dataclass(frozen=True)
class Discovery:
    """What was asked for and what came of it."""

    state: State = "none"
    at: str = ""
    comments: int = 0
    covered: float = 0.0
    groups: tuple[Group, ...] = ()
    method: Method = "lemmas"

    @property
    def is_running(self) -> bool:
        return self.state in {"asked", "counting"}

    @property
    def moment(self) -> dt.datetime | None:
        return dt.datetime.fromisoformat(self.at) if self.at else None


class Comment(NamedTuple):
    """What grouping takes."""

    key: uuid.UUID
    language: str
    lemmas: str
    redacted: str
    vector: bytes | memoryview | None


def ask_for_themes(member: Member, *, now: dt.datetime) -> Discovery:
    """Have new themes looked for; asked again while it is going on, it goes on.

    Raises
    ------
    MayNotChange
    """
    if not may_change(member):
        raise MayNotChange(gettext("Themes are kept by the leads and admins of the organisation."))
    current = read_discovery(member.organisation)
    if current.is_running and not _is_stale(current, now):
        return current
    asked = Discovery(state="asked", at=now.isoformat())
    _write(member.organisation, asked)
    return asked


def discover_asked(organisation: Organisation, *, now: dt.datetime) -> int:
    """Look for themes if somebody asked; return how many groups were found."""
    current = read_discovery(organisation)
    if not current.is_running or (current.state == "counting" and not _is_stale(current, now)):
        return 0
    counting = replace(current, state="counting", at=now.isoformat())
    _write(organisation, counting)
    found = _discover(organisation, now=now)
    if read_discovery(organisation) != counting:
        return 0  # somebody was erased meanwhile, and may be in what was found
    _write(organisation, found)
    return len(found.groups)


def read_discovery(organisation: Organisation) -> Discovery:
    """What was found last; names that have been hidden since are left out of it."""
    try:
        kept: dict[str, Any] = json.loads(discovery_path(organisation).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return Discovery()
    if kept.pop("of", None) != organisation.created_at.isoformat():
        return Discovery()
    lists: list[dict[str, Any]] = kept.pop("groups")
    groups = [
        Group(**(one | {"words": tuple(one["words"]), "examples": tuple(one["examples"])}))
        for one in lists
    ]
    hiding = ready_names(HiddenNames.objects.names_to_hide(organisation.pk))
    told = [group for one in groups if (group := _without_names(one, hiding)).words]
    return Discovery(**kept, groups=tuple(told))


def embedding_progress(organisation: Organisation | int) -> Progress | None:
    """How many comments can be grouped by their meaning; None where that is not installed."""
    from kokemus.comments.themes import Embedder

    return CommentEmbedding.objects.progress(organisation) if Embedder.is_installed() else None


def _discover(organisation: Organisation, *, now: dt.datetime) -> Discovery:
    from kokemus.comments.themes import discover_themes  # what it learns with takes its time

    latest, by_meaning = _select_comments(organisation)
    known: dict[Any, list[str]] = defaultdict(list)
    themes = ReadTheme.objects.filter(reading__organisation=organisation)
    for key, code in themes.values_list("reading", "theme__code"):
        known[key].append(code)
    found = discover_themes(
        [one.lemmas.split() for one in latest],
        texts=[one.redacted for one in latest],
        k=GROUPS,
        embeddings=read_vectors(one.vector for one in latest if one.vector) if by_meaning else None,
        stop_words=organisation.name.lower().split(),
        known=[known[one.key] for one in latest],
        languages=[one.language for one in latest] if by_meaning else (),
    )
    keys = [str(one.key) for one in latest]
    groups = [_tell(one, keys) for one in found.themes if len(one.comments) >= CELL_MIN]
    return Discovery(
        "done", now.isoformat(), len(latest), found.covered, tuple(groups), method=found.method
    )


def _select_comments(organisation: Organisation) -> tuple[list[Comment], bool]:
    """The newest comments; of them those with embeddings, if these are enough to group by."""
    rows = CommentReading.objects.filter(organisation=organisation).order_by("-answered_at")
    columns = ("pk", "language", "lemmas", "redacted", "response__embedding__vector")
    latest = [Comment(*row) for row in rows.values_list(*columns)[:COMMENTS_MAX]]
    embedded = [one for one in latest if one.vector is not None]
    if len(embedded) >= EMBEDDED_MIN and 2 * len(embedded) >= len(latest):
        return embedded, True
    return latest, False


def _tell(found: Any, keys: Sequence[str]) -> Group:
    known_as = next(
        (each.code for each in found.overlaps if each.share_of_group >= ALREADY_KNOWN), ""
    )
    places = dict.fromkeys([*found.nearest, *found.comments[:EXAMPLES]])
    return Group(
        label=found.label,
        words=tuple(word for word, _weight in found.words),
        comments=len(found.comments),
        share=found.share,
        examples=tuple(keys[place] for place in list(places)[:EXAMPLES]),
        known_as=known_as,
    )


def _without_names(group: Group, hiding: GivenNames) -> Group:
    words = tuple(word for word in group.words if not hiding.find_parts(word))
    if words == group.words:
        return group
    kept = [word for word in group.label.split(LABEL_JOINT) if word in words]
    return replace(group, words=words, label=LABEL_JOINT.join(kept or words[:1]))


def _is_stale(current: Discovery, now: dt.datetime) -> bool:
    """Whether whoever was at it must have been stopped."""
    return current.moment is None or (now - current.moment).total_seconds() > STALE_SECONDS


def _write(organisation: Organisation, found: Discovery) -> None:
    path = discovery_path(organisation)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    content = asdict(found) | {"of": organisation.created_at.isoformat()}
    temporary.write_text(json.dumps(content), "utf-8")
    temporary.replace(path)
