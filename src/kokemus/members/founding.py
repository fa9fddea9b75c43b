"""The first run: an organisation and the member who runs it."""

from __future__ import annotations

from django.db import transaction

from kokemus.store.models import Member, Organisation, Role


@transaction.atomic
def found_organisation(
    name: str,
    *,
    language: str,
    time_zone: str,
    member_name: str,
    email: str,
    password: str,
) -> Member:
    """Found the organisation; return its first member, an admin of its root unit.

    Raises `AlreadyFounded` if somebody was faster.
    """
    organisation = Organisation.objects.found_first(
        name=name, language=language, time_zone=time_zone
    )
    member = Member.objects.enrol(
        organisation, email=email, name=member_name, language=language, password=password
    )
    Role.objects.grant(member, unit=organisation.root, kind="admin")
    return member
