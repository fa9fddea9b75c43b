"""What is kept about a person, in words; and what they are called in the audit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import ngettext_lazy

from kokemus.store.people import Person
from kokemus.ui.wording import format_number

KINDS = {
    "contacts": ngettext_lazy("%(count)s contact", "%(count)s contacts", "number"),
    "encounters": ngettext_lazy("%(count)s encounter", "%(count)s encounters", "number"),
    "answers": ngettext_lazy("%(count)s answer", "%(count)s answers", "number"),
    "comments": ngettext_lazy(
        "%(count)s comment, and what was read of it",
        "%(count)s comments, and what was read of them",
        "number",
    ),
    "corrections": ngettext_lazy(
        "%(count)s correction by a member", "%(count)s corrections by members", "number"
    ),
    "cases": ngettext_lazy(
        "%(count)s case with its notes and history",
        "%(count)s cases with their notes and history",
        "number",
    ),
    "deliveries": ngettext_lazy(
        "%(count)s message, sent or waiting", "%(count)s messages, sent or waiting", "number"
    ),
    "refused_lines": ngettext_lazy(
        "%(count)s refused line of an imported file",
        "%(count)s refused lines of imported files",
        "number",
    ),
    "waiting_files": ngettext_lazy(
        "%(count)s uploaded file that waits to be brought in",
        "%(count)s uploaded files that wait to be brought in",
        "number",
    ),
}


def tell_counts(counts: Mapping[str, int]) -> list[str]:
    """A line for each kind of which there is something."""
    return [
        str(words % {"number": count, "count": format_number(count)})
        for kind, words in KINDS.items()
        if (count := counts.get(kind, 0))
    ]


def mark_of(person: Person) -> str:
    """The number of a row: the audit can never be erased, so it names nobody."""
    return f"{'contact' if person.contact else 'answer'}:{person.key}"
