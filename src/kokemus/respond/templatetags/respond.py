"""What respond's templates say: `{% load respond %}`."""

from django import template

from kokemus.respond.delivery_list import explain_error

register = template.Library()
FACES = {"bad": "bad", "middle": "middle", "good": "good", "none": "unknown"}
EVENTS = {
    "opened": "flag",
    "answer": "comments",
    "taken": "user",
    "put_back": "undo",
    "note": "note",
    "reply": "mail",
    "handed_off": "hand-off",
    "resolved": "done",
    "reopened": "refresh",
}


@register.filter
def face(tone: str) -> str:
    """The icon of how a score felt, so that colour alone never says it."""
    return FACES[tone]


@register.filter
def event_icon(kind: str) -> str:
    return EVENTS[kind]


@register.filter
def error_words(error: str) -> str:
    return explain_error(error)
