"""Tell the member what was just done, and offer to undo it."""

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def announce(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Show `text` on the next page; with `undo_url`, beside a button that posts there."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def warn(request: HttpRequest, text: str) -> None:
    """Show on the next page something that needs attention."""
    messages.warning(request, text)
