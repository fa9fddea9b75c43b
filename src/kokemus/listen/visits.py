"""One person's visit to the answer page, step by step: what is shown and what is kept. No Django.

The steps have addresses of their own: the question, `/why`, `/thanks`. Each tap is a form that
ends in a redirect, so that reloading sends nothing again. Who answers is told by a cookie that
only this link receives; a browser without cookies carries the same in the address and the form.
Getting a page never creates an answer: mail scanners and prefetching browsers do that too.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from kokemus.listen.answer_page import (
    choose_language,
    languages_of,
    name_languages,
    read_accepted,
    render_notice_page,
    render_score_page,
    render_thanks_page,
    render_why_page,
    ui_language,
)
from kokemus.listen.answer_texts import PAGE, say_refusal
from kokemus.listen.answers import (
    RefusedAnswer,
    read_completion,
    read_encounter,
    read_tap,
)
from kokemus.listen.exchange import Exchange, Headers, Reply, TooLarge, read_form
from kokemus.store.capture import Outcome, Submission
from kokemus.store.published import Published
from kokemus.store.scales import SCALES
from kokemus.store.writer import DatabaseUnavailable, QueueFull

Keep = Callable[[Sequence[Submission]], Awaitable[list[Outcome]]]
FORM_BYTES_MAX = 512 * 1024
CHANNELS = {"qr", "email", "sms"}
VISIT_SECONDS = 12 * 3600  # on an open link the same phone may answer again another day
INVITED_SECONDS = 90 * 24 * 3600  # an encounter is answered about once
RETRY_SECONDS = b"2"
COMPRESS_FROM = 700
WORDS = ("comment", "reply_to", "may_contact")
STEPS = ("", "why", "thanks", "anew")
SECURITY: Headers = [
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        b"base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_COOKIE = re.compile(r"([A-Za-z0-9_-]{22})\.(\d{0,2})\.(m?)")


@dataclass(frozen=True)
class Respondent:
    """Who answers here: the token their response is kept under, and how far they are."""

    token: str
    score: int | None = None
    may_be_contacted: bool = False
    has_cookie: bool = False

    def as_cookie(self) -> str:
        score = "" if self.score is None else self.score
        return f"{self.token}.{score}.{'m' if self.may_be_contacted else ''}"


@dataclass(frozen=True)
class Visit:
    """One request to the page of a survey."""

    published: Published
    step: str
    language: str
    encounter: str
    channel: str
    carried: Mapping[str, str]
    respondent: Respondent

    def address(self, step: str, **changes: str) -> str:
        """The address of a step, with what the link carried."""
        path = f"/a/{self.published.link}" + (f"/{step}" if step else "")
        query = urlencode({**self.carried, **changes})
        return f"{path}?{query}" if query else path


async def answer_visit(
    exchange: Exchange,
    *,
    published: Published,
    step: str,
    keep: Keep,
    now: dt.datetime,
    is_https: bool,
) -> Reply:
    """Show a step, or keep what was sent from one."""
    form: dict[str, str] = {}
    if exchange.method == "POST":
        try:
            form = read_form(await exchange.read_body(bytes_max=FORM_BYTES_MAX))
        except TooLarge:
            return notice("too_large", 413, exchange, published=published)
    visit = _begin(exchange, published=published, step=step, form=form)
    if exchange.header(b"sec-fetch-site") == "cross-site" and exchange.method == "POST":
        return notice("elsewhere", 403, exchange, published=published)
    if not published.is_open:
        return notice("closed", 410, exchange, published=published)
    reply = await _take(visit, form, keep, now) if exchange.method == "POST" else _show(visit)
    if isinstance(reply, Respondent):
        cookie = _cookie_header(visit, reply, is_https=is_https)
        return _redirect(_next_address(visit, reply), [cookie])
    headers = reply.headers
    if not visit.respondent.has_cookie:
        headers = [*headers, _cookie_header(visit, visit.respondent, is_https=is_https)]
    return _compress(replace(reply, headers=headers), exchange)


def notice(
    code: str, status: int, exchange: Exchange, *, published: Published | None = None
) -> Reply:
    """A page that says why there is nothing to answer here."""
    accepted = exchange.header(b"accept-language")
    wanted = exchange.query().get("lang", "")
    if published is None:
        language = next((c for c in (wanted, *read_accepted(accepted)) if c in PAGE), "en")
        link = ""
    else:
        language = choose_language(published, wanted=wanted, accepted=accepted)
        link = f"/a/{published.link}" if code in {"elsewhere", "too_large"} else ""
    body = render_notice_page(code, language=language, published=published, link=link)
    return _page(body, status=status, language=ui_language(language))


def _begin(
    exchange: Exchange, *, published: Published, step: str, form: Mapping[str, str]
) -> Visit:
    query = exchange.query()
    carried = {name: query[name] for name in ("lang", "e", "c") if query.get(name)}
    try:
        encounter = read_encounter(query.get("e"))
    except RefusedAnswer:
        encounter = ""
    return Visit(
        published=published,
        step=step,
        language=choose_language(
            published,
            wanted=query.get("lang", ""),
            accepted=exchange.header(b"accept-language"),
        ),
        encounter=encounter,
        channel=query["c"] if query.get("c") in CHANNELS else "link",
        carried=carried,
        respondent=_recognise(exchange, published, encounter, {**query, **form}),
    )


def _recognise(
    exchange: Exchange, published: Published, encounter: str, sent: Mapping[str, str]
) -> Respondent:
    """By the cookie; else by the key in the form or the address; else somebody new."""
    name = _cookie_name(encounter)
    for part in exchange.header(b"cookie").split(";"):
        if part.strip().startswith(f"{name}=") and (
            match := _COOKIE.fullmatch(part.strip().removeprefix(f"{name}="))
        ):
            score = _score_of(match[2], published)
            return Respondent(match[1], score, bool(match[3]), has_cookie=True)
    if _TOKEN.fullmatch(sent.get("key", "")):
        return Respondent(sent["key"], _score_of(sent.get("s", ""), published))
    return Respondent(secrets.token_urlsafe(16))


def _score_of(text: str, published: Published) -> int | None:
    if not re.fullmatch(r"[0-9]{1,2}", text):
        return None
    score = int(text)
    return score if SCALES[published.scale].holds(score) else None


def _cookie_name(encounter: str) -> str:
    if not encounter:
        return "answer"
    return "answer-" + hashlib.sha256(encounter.encode()).hexdigest()[:8]


def _cookie_header(visit: Visit, respondent: Respondent, *, is_https: bool) -> tuple[bytes, bytes]:
    seconds = INVITED_SECONDS if visit.encounter else VISIT_SECONDS
    cookie = (
        f"{_cookie_name(visit.encounter)}={respondent.as_cookie()}; "
        f"Path=/a/{visit.published.link}; Max-Age={seconds}; HttpOnly; SameSite=Lax"
        + ("; Secure" if is_https else "")
    )
    return b"set-cookie", cookie.encode()


async def _take(
    visit: Visit, form: Mapping[str, str], keep: Keep, now: dt.datetime
) -> Respondent | Reply:
    """Keep what was sent and say who answers now; or show again what could not be kept."""
    if visit.step == "anew":
        return Respondent(secrets.token_urlsafe(16))
    if visit.step == "why":
        if visit.respondent.score is None and not any(form.get(name) for name in WORDS):
            return _redirect(visit.address(""), [])  # there is nothing to complete
        return await _take_completion(visit, form, keep, now)
    return await _take_score(visit, form, keep, now)


async def _take_score(
    visit: Visit, form: Mapping[str, str], keep: Keep, now: dt.datetime
) -> Respondent | Reply:
    score = _score_of(form.get("score", ""), visit.published)
    try:
        tap = read_tap(
            score,
            published=visit.published,
            now=now,
            token=visit.respondent.token,
            **_origin(visit),
        )
        await _keep_somehow(tap, keep)
    except RefusedAnswer as refused:
        code = "score_out_of_range" if refused.field == "score" else refused.code
        problem = say_refusal(code, language=visit.language)
        return _score_page(visit, status=422, problem=problem)
    except (QueueFull, DatabaseUnavailable):
        return _busy(_score_page(visit, status=503, problem=_say(visit, "busy"), chosen=score))
    return replace(visit.respondent, score=score)


async def _take_completion(
    visit: Visit, form: Mapping[str, str], keep: Keep, now: dt.datetime
) -> Respondent | Reply:
    try:
        completion = read_completion(
            form,
            published=visit.published,
            now=now,
            token=visit.respondent.token,
            **_origin(visit),
        )
        if completion.may_contact and not (completion.reply_to or _has_address(visit)):
            raise RefusedAnswer("reply_to_missing", "reply_to")
        await _keep_somehow(completion, keep)
    except RefusedAnswer as refused:
        said = say_refusal(
            refused.code, language=visit.language, field=refused.field, value=refused.value
        )
        return _why_page(visit, form, status=422, errors={refused.field: said}, problem=said)
    except (QueueFull, DatabaseUnavailable):
        return _busy(_why_page(visit, form, status=503, problem=_say(visit, "busy"), is_busy=True))
    return replace(visit.respondent, may_be_contacted=completion.may_contact)


def _origin(visit: Visit) -> dict[str, str]:
    return {
        "language": visit.language,
        "channel": visit.channel,
        "encounter": visit.encounter,
    }


def _has_address(visit: Visit) -> bool:
    """An address was given before, or the encounter knows whom it was with."""
    return visit.respondent.may_be_contacted or bool(visit.encounter)


async def _keep_somehow(submission: Submission, keep: Keep) -> None:
    """A customer's answer counts also when the link names an encounter that we do not know."""
    outcome = (await keep([submission]))[0]
    if outcome.reason == "unknown_encounter":
        outcome = (await keep([submission._replace(encounter="")]))[0]
    if outcome.state == "refused":
        raise RefusedAnswer(outcome.reason, "comment")


def _show(visit: Visit) -> Reply:
    has_answered = visit.respondent.score is not None
    if visit.step == "why" and has_answered:
        return _why_page(visit, {})
    if visit.step == "thanks" and has_answered:
        return _thanks_page(visit)
    if visit.step:
        return _redirect(visit.address(""), [])
    return _score_page(visit)


def _score_page(visit: Visit, *, status: int = 200, problem: str = "", chosen: Any = None) -> Reply:
    kept_score = visit.respondent.score
    body = render_score_page(
        visit.published,
        language=visit.language,
        token=visit.respondent.token,
        chosen=kept_score if chosen is None else chosen,
        kept_score=kept_score,
        action=visit.address(""),
        next_address=visit.address("why", **_identity(visit, visit.respondent)),
        anew_address=visit.address("anew"),
        languages=_languages(visit),
        problem=problem,
    )
    return _page(body, status=status, language=visit.language)


def _why_page(
    visit: Visit,
    form: Mapping[str, str],
    *,
    status: int = 200,
    problem: str = "",
    errors: Mapping[str, str] | None = None,
    is_busy: bool = False,
) -> Reply:
    known = visit.respondent.may_be_contacted
    body = render_why_page(
        visit.published,
        language=visit.language,
        token=visit.respondent.token,
        kept_score=visit.respondent.score,
        has_permission=known,
        form={
            "comment": form.get("comment", ""),
            "reply_to": form.get("reply_to", ""),
            "may_contact": bool(form.get("may_contact")) if form else known,
        },
        errors={"comment": "", "reply_to": "", **(errors or {})},
        problem=problem,
        is_busy=is_busy,
        action=visit.address("why", **_score_in_address(visit, visit.respondent)),
        score_address=visit.address("", **_identity(visit, visit.respondent)),
        languages=_languages(visit),
    )
    return _page(body, status=status, language=visit.language)


def _thanks_page(visit: Visit) -> Reply:
    body = render_thanks_page(
        visit.published,
        language=visit.language,
        has_permission=visit.respondent.may_be_contacted,
        score_address=visit.address("", **_identity(visit, visit.respondent)),
        anew_address=visit.address("anew"),
        languages=_languages(visit),
    )
    return _page(body, status=200, language=visit.language)


def _languages(visit: Visit) -> list[dict[str, str]]:
    codes = languages_of(visit.published)
    identity = _identity(visit, visit.respondent)
    return name_languages(
        codes, {code: visit.address(visit.step, lang=code, **identity) for code in codes}
    )


def _next_address(visit: Visit, respondent: Respondent) -> str:
    following = {"": "why", "why": "thanks", "anew": ""}[visit.step]
    return visit.address(following, **_identity(visit, respondent))


def _identity(visit: Visit, respondent: Respondent) -> dict[str, str]:
    """What the address carries for a browser that showed no cookie and has answered."""
    if visit.respondent.has_cookie or respondent.score is None:
        return {}
    return {"key": respondent.token, **_score_in_address(visit, respondent)}


def _score_in_address(visit: Visit, respondent: Respondent) -> dict[str, str]:
    if visit.respondent.has_cookie or respondent.score is None:
        return {}
    return {"s": str(respondent.score)}


def _say(visit: Visit, key: str) -> str:
    return PAGE[ui_language(visit.language)][key]


def _busy(reply: Reply) -> Reply:
    return replace(reply, headers=[*reply.headers, (b"retry-after", RETRY_SECONDS)])


def _redirect(address: str, headers: Headers) -> Reply:
    return Reply(
        303,
        b"",
        [(b"location", address.encode()), (b"cache-control", b"no-store"), *SECURITY, *headers],
    )


def _page(body: bytes, *, status: int, language: str) -> Reply:
    return Reply(
        status,
        body,
        [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-language", language.encode()),
            (b"cache-control", b"no-store"),
            *SECURITY,
        ],
    )


def _compress(reply: Reply, exchange: Exchange) -> Reply:
    if len(reply.body) < COMPRESS_FROM or "gzip" not in exchange.header(b"accept-encoding"):
        return reply
    body = gzip.compress(reply.body, 5, mtime=0)
    return Reply(reply.status, body, [*reply.headers, (b"content-encoding", b"gzip")])
