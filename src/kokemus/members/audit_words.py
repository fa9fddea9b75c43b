"""What the lines of the audit say to people."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kokemus.members.people_words import tell_counts
from kokemus.store.models import AuditEntry, Role
from kokemus.ui.wording import format_number

ACTIONS: dict[str, str | Promise] = {
    "sign_in": _("Signed in"),
    "sign_in_failed": _("A sign-in failed"),
    "factor_added": _("Added a second factor"),
    "factor_removed": _("Removed a second factor"),
    "organisation_founded": _("Founded the organisation"),
    "organisation_changed": _("Changed the organisation's settings"),
    "unit_added": _("Added a unit"),
    "unit_changed": _("Changed a unit"),
    "unit_removed": _("Removed a unit"),
    "member_invited": _("Invited a member"),
    "invite_withdrawn": _("Withdrew an invitation"),
    "invite_accepted": _("Came in by an invitation"),
    "role_granted": _("Gave a role"),
    "role_revoked": _("Took a role away"),
    "member_deactivated": _("Shut a member out"),
    "member_reactivated": _("Let a member in again"),
    "key_created": _("Made an API key"),
    "key_revoked": _("Revoked an API key"),
    "export": _("Took an export"),
    "person_viewed": _("Looked at a person's answer"),
    "comment_shown": _("Had a comment shown as it was written"),
    "import": _("Brought answers in"),
    "hidden_names_changed": _("Changed the names to hide in comments"),
    "person_exported": _("Took everything kept about a person"),
    "erasure": _("Erased a person"),
}


def describe(entry: AuditEntry) -> str:
    """The matter in words: whom or what, and as what where."""
    parts = [entry.subject]
    if role := entry.detail.get("role"):
        known = {kind.value: str(kind.label) for kind in Role.Kind}
        parts.append(known.get(role, str(role)))
    if unit := entry.detail.get("unit"):
        parts.append(str(unit))
    if scopes := entry.detail.get("scopes"):
        parts.append(", ".join(scopes))
    if counts := entry.detail.get("counts"):
        parts.append(", ".join(tell_counts(counts)))
    if entry.action == "hidden_names_changed":
        parts.append(_tell_list(entry.detail))
    return " · ".join(part for part in parts if part)


def _tell_list(detail: Mapping[str, int]) -> str:
    """How many names, never which: the audit is kept when a name is taken away."""
    words = gettext("%(added)s added, %(removed)s taken away, %(names)s in all")
    return words % {key: format_number(detail[key]) for key in ("added", "removed", "names")}
