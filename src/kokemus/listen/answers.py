"""What makes an answer acceptable: one reading for the answer page, the API and files. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from kokemus.store.capture import Submission, new_id
from kokemus.store.published import Published
from kokemus.store.scales import SCALES

FIELDS = frozenset(
    {
        "survey",
        "score",
        "comment",
        "may_contact",
        "reply_to",
        "language",
        "channel",
        "answered_at",
        "encounter",
        "key",
    }
)
CHANNELS = frozenset({"link", "qr", "email", "sms", "api", "import"})
COMMENT_LENGTH_MAX = 5_000
REPLY_TO_LENGTH_MAX = 254
ENCOUNTER_LENGTH_MAX = 100
KEY_LENGTH_MAX = 100
EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
CLOCKS_DIFFER = dt.timedelta(minutes=5)
PAGE_KEY = "page:"

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_PHONE_SPACING = re.compile(r"[\s().\-/]")
_LANGUAGE = re.compile(r"([a-z]{2})([-_][a-z0-9]+)*", re.IGNORECASE)
_KEY = re.compile(rf"[\x21-\x7e]{{1,{KEY_LENGTH_MAX}}}")


class RefusedAnswer(ValueError):
    """An answer that cannot be taken: `code` says why, `field` where, `value` what was there."""

    def __init__(self, code: str, field: str, value: object = None) -> None:
        super().__init__(f"{field}: {code} ({value!r})")
        self.code, self.field, self.value = code, field, value


def read_answer(
    payload: Mapping[str, Any],
    *,
    published: Published,
    now: dt.datetime,
    channel: str = "api",
    is_triaged: bool = False,
) -> Submission:
    """Check an answer of the API or a file and make it a submission; raise `RefusedAnswer`.

    `channel` is used where the payload names none. A payload without a key gets a new one.
    Whether the survey belongs to the sender and is open is for the door to know.
    """
    if unknown := payload.keys() - FIELDS:
        field = min(map(str, unknown))
        raise RefusedAnswer("unknown_field", field, payload.get(field))
    score = read_score(payload.get("score"), scale=published.scale)
    comment = read_comment(payload.get("comment"))
    if score is None and not comment:
        raise RefusedAnswer("empty_answer", "score")
    answered_at = _read_time(payload.get("answered_at"), now=now)
    language = _read_language(payload.get("language")) or published.language
    id_ = new_id()
    return Submission(
        id=id_,
        key=_read_key(payload.get("key")) or id_,
        organisation_id=published.organisation_id,
        survey_id=published.survey_id,
        version_id=published.version_id,
        touchpoint_id=published.touchpoint_id,
        unit_id=published.unit_id,
        scale=published.scale,
        score=score,
        language=language,
        channel=_read_channel(payload.get("channel")) or channel,
        answered_at=answered_at,
        local_day=answered_at.astimezone(_zone(published.time_zone)).date(),
        encounter=read_encounter(payload.get("encounter")),
        comment=hide_personal_data(comment, published=published, language=language),
        may_contact=_read_flag(payload.get("may_contact")),
        reply_to=read_reply_to(payload.get("reply_to")),
        is_triaged=is_triaged,
    )


def read_tap(
    score: object, *, published: Published, now: dt.datetime, token: str, **sent: str
) -> Submission:
    """The answer page's first step: a score alone. `sent`: language, channel, encounter."""
    number = read_score(score, scale=published.scale)
    if number is None:
        raise RefusedAnswer("missing", "score")
    return _on_page(published, now=now, token=token, score=number, is_complete=False, **sent)


def read_completion(
    form: Mapping[str, str], *, published: Published, now: dt.datetime, token: str, **sent: str
) -> Submission:
    """The answer page's second step: comment, permission and address of the same response.

    An address is a permission too: it is only asked of those who want an answer.
    """
    comment = hide_personal_data(
        read_comment(form.get("comment")), published=published, language=sent.get("language", "")
    )
    reply_to = read_reply_to(form.get("reply_to"))
    return _on_page(
        published,
        now=now,
        token=token,
        score=None,
        is_complete=True,
        comment=comment,
        reply_to=reply_to,
        may_contact=bool(form.get("may_contact") or reply_to),
        **sent,
    )


def read_score(value: object, *, scale: str) -> int | None:
    """A whole number on the scale, or None where the question was skipped."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise RefusedAnswer("not_a_whole_number", "score", value)
    if not SCALES[scale].holds(value):
        raise RefusedAnswer("score_out_of_range", "score", value)
    return value


def read_comment(value: object) -> str:
    """The comment without control characters; line ends as \\n."""
    comment = _read_text(value, field="comment")
    if len(comment) > COMMENT_LENGTH_MAX:
        raise RefusedAnswer("too_long", "comment", len(comment))
    return comment


def hide_personal_data(comment: str, *, published: Published, language: str) -> str:
    """The comment as it may be kept: without personal data where the survey promised so."""
    if not comment or not published.hides_personal_data:
        return comment
    from kokemus.comments.personal import find_personal_data, redact  # what few surveys need

    spans = find_personal_data(comment, language=language, names=published.names)
    return redact(comment, spans, language=language)


def read_reply_to(value: object) -> str:
    """An email address or a phone number; empty when there is none."""
    reply_to = _read_text(value, field="reply_to")
    if not reply_to:
        return ""
    if len(reply_to) > REPLY_TO_LENGTH_MAX:
        raise RefusedAnswer("too_long", "reply_to", len(reply_to))
    is_phone = _PHONE.fullmatch(_PHONE_SPACING.sub("", reply_to))
    if not is_phone and not _EMAIL.fullmatch(reply_to):
        raise RefusedAnswer("reply_to_form", "reply_to", reply_to)
    return reply_to


def read_encounter(value: object) -> str:
    encounter = _read_text(value, field="encounter")
    if len(encounter) > ENCOUNTER_LENGTH_MAX:
        raise RefusedAnswer("too_long", "encounter", len(encounter))
    return encounter


def _on_page(
    published: Published, *, now: dt.datetime, token: str, score: int | None, **values: Any
) -> Submission:
    return Submission(
        id=new_id(),
        key=f"{PAGE_KEY}{published.survey_id}:{token}",
        organisation_id=published.organisation_id,
        survey_id=published.survey_id,
        version_id=published.version_id,
        touchpoint_id=published.touchpoint_id,
        unit_id=published.unit_id,
        scale=published.scale,
        score=score,
        answered_at=now,
        local_day=now.astimezone(_zone(published.time_zone)).date(),
        amends=True,
        **values,
    )


def _read_text(value: object, *, field: str) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise RefusedAnswer("not_text", field, value)
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("", text).strip()


def _read_flag(value: object) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise RefusedAnswer("not_yes_or_no", "may_contact", value)
    return value


def _read_language(value: object) -> str:
    if value is None or value == "":
        return ""
    match = _LANGUAGE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise RefusedAnswer("unknown_language", "language", value)
    return match[1].lower()


def _read_channel(value: object) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or value not in CHANNELS:
        raise RefusedAnswer("unknown_channel", "channel", value)
    return value


def _read_key(value: object) -> str:
    """Keys of the answer page are its own: no other door may reach its answers."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or not _KEY.fullmatch(value) or value.startswith(PAGE_KEY):
        raise RefusedAnswer("key_form", "key", value)
    return value


def _read_time(value: object, *, now: dt.datetime) -> dt.datetime:
    if value is None or value == "":
        return now
    try:
        at = dt.datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise RefusedAnswer("time_form", "answered_at", value) from None
    if at.tzinfo is None:
        raise RefusedAnswer("time_without_zone", "answered_at", value)
    if at > now + CLOCKS_DIFFER:
        raise RefusedAnswer("time_in_future", "answered_at", value)
    if at < EARLIEST:
        raise RefusedAnswer("time_too_early", "answered_at", value)
    return at.astimezone(dt.UTC)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
