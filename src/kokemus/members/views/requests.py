"""What the views of settings ask of who sends a request."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from kokemus.store.requests import MemberRequest


def demand_admin(request: MemberRequest) -> None:
    """Let nobody in but admins of the whole organisation.

    Raises
    ------
    PermissionDenied
    """
    if not request.user.is_organisation_admin:
        raise PermissionDenied(_("Only the organisation's admins come in here. Ask one of them."))
