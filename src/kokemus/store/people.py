"""A person whom an organisation knows something about, and every row that tells of them.

Mostly a contact. Who answered by an open link and left an address is known by that address alone.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import BooleanField, ExpressionWrapper, Q

from kokemus.store.models import Case, Contact, Delivery, Encounter, Member, Organisation, Response
from kokemus.store.models.responses import ResponseQuerySet

OF_A_CASE = re.compile(r"case:([0-9]+):")
DIGITS_MIN = 5
NUMBER_MIN, MARK_MIN, BEGINNING_MIN = 6, 4, 12
SPACING = "[ ()./-]*"


@dataclass(frozen=True)
class Person:
    """A contact, or whoever left `address` with answers that no contact is tied to.

    `answer` is one of those answers: it stands for the person where an address may not stand.
    """

    organisation: Organisation
    contact: Contact | None = None
    address: str = ""
    answer: uuid.UUID | None = None

    @property
    def key(self) -> str:
        """What the person is called in addresses of pages and in the audit: it names nobody."""
        if self.contact is not None:
            return str(self.contact.pk)
        return str(self.answer)

    @property
    def addresses(self) -> list[str]:
        """By which they may be written to or called."""
        given = (self.contact.email, self.contact.phone) if self.contact else (self.address,)
        return [address for address in given if address]

    def is_called(self, text: str) -> bool:
        """Whether it is, as a whole, their reference, email address or telephone number."""
        names = [*self.addresses, *([self.contact.reference] if self.contact else [])]
        return any(_bare(text) == _bare(name) for name in names)


@dataclass(frozen=True)
class Traces:
    """The keys of the rows that tell of a person."""

    encounters: list[uuid.UUID]
    answers: list[uuid.UUID]
    cases: list[int]
    deliveries: list[int]


def find_people(organisation: Organisation, text: str, *, limit: int = 50) -> list[Person]:
    """Those whose reference, email address or telephone number it is, or whose name contains it.

    Case does not matter, nor do blanks in a telephone number. Those of the name come last, so
    that many of them hide nobody.
    """
    wanted = text.strip()
    if not wanted:
        return []
    escaped = re.escape(wanted)
    is_theirs = Q(reference__iregex=f"^{escaped}$")
    is_theirs |= _is_address("email", [wanted]) | _is_address("phone", [wanted])
    left = Response.objects.filter(_is_address("reply_to", [wanted]), organisation=organisation)
    is_theirs |= Q(pk__in=left.exclude(encounter__contact=None).values("encounter__contact"))
    contacts = Contact.objects.filter(
        is_theirs | Q(name__iregex=escaped), organisation=organisation
    ).order_by(ExpressionWrapper(is_theirs, BooleanField()).desc(), "name", "reference")
    found = [
        Person(organisation, contact) for contact in contacts.select_related("account")[:limit]
    ]
    if not any(_bare(wanted) == _bare(one) for each in found for one in each.addresses):
        found += _find_by_address(organisation, wanted)
    return found


def get_person(organisation: Organisation, key: str) -> Person | None:
    """The person with this `key`, if there is still something of theirs."""
    if re.fullmatch("[0-9]{1,18}", key):
        contacts = Contact.objects.filter(organisation=organisation, pk=int(key))
        contact = contacts.select_related("account").first()
        return Person(organisation, contact) if contact else None
    try:
        answer = uuid.UUID(key)
    except ValueError:
        return None
    row = _of_nobody(organisation).filter(pk=answer).first()
    return Person(organisation, address=row.reply_to, answer=answer) if row else None


def trace(person: Person) -> Traces:
    """Every row that tells of the person, by the links that the rows have.

    Their encounters; answers to those, and answers that left their address and that no contact is
    tied to; the cases of these; messages about these cases, or to the person's address. An
    encounter with nobody in particular is theirs where nobody else left an address.
    """
    left = _left_address(person)
    met = Encounter.objects.filter(organisation=person.organisation)
    theirs = Q(pk__in=_met_by_address(person, left))
    if person.contact is not None:
        theirs |= Q(contact=person.contact)
    encounters = list(met.filter(theirs).order_by("pk").values_list("pk", flat=True))
    answers = {*left.values_list("pk", flat=True)}
    answers.update(Response.objects.filter(encounter__in=encounters).values_list("pk", flat=True))
    cases = Case.objects.filter(response__in=answers).order_by("pk")
    keys = list(cases.values_list("pk", flat=True))
    return Traces(encounters, sorted(answers), keys, _find_deliveries(person, cases=keys))


class Marks:
    """What a text that names the person holds: their name, addresses, references, own words."""

    def __init__(self, person: Person, traces: Traces) -> None:
        contact = person.contact
        known = [contact.reference, contact.name] if contact else []
        encounters = Encounter.objects.filter(pk__in=traces.encounters)
        answers = Response.objects.filter(pk__in=traces.answers)
        left = answers.values_list("reply_to", flat=True)
        told = [*known, *person.addresses, *encounters.values_list("reference", flat=True), *left]
        self._all = {each.strip().casefold() for each in told if each.strip()}
        self._comments = [c.casefold() for c in answers.values_list("comment", flat=True) if c]

    @cached_property
    def telling(self) -> list[str]:
        """Those that are the person's wherever they stand: no short number, no first name."""
        return sorted(each for each in self._all if _is_telling(each))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        either = "|".join(map(re.escape, self.telling))
        return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)")

    def are_in(self, text: str) -> bool:
        """Whether it is one of them, has a telling one in it, or is how a comment begins."""
        said = text.strip().casefold()
        if said in self._all or self._pattern.search(said):
            return True
        return len(said) >= BEGINNING_MIN and any(c.startswith(said) for c in self._comments)


def _is_telling(mark: str) -> bool:
    bare = _bare(mark)
    if bare.lstrip("+").isdigit():
        return len(bare) >= NUMBER_MIN
    return len(bare) >= MARK_MIN and (" " in mark or not mark.isalpha())


def _find_by_address(organisation: Organisation, address: str) -> list[Person]:
    """Whoever left it with answers that no contact is tied to."""
    rows = _of_nobody(organisation).filter(_is_address("reply_to", [address]))
    row = rows.order_by("-answered_at", "-pk").first()
    return [Person(organisation, address=row.reply_to, answer=row.pk)] if row else []


def _left_address(person: Person) -> ResponseQuerySet:
    return _of_nobody(person.organisation).filter(_is_address("reply_to", person.addresses))


def _met_by_address(person: Person, left: ResponseQuerySet) -> set[uuid.UUID]:
    """Encounters with nobody in particular that the person answered to, and none who left another
    address: of one that many share, only their own answers are theirs.
    """
    met = set(left.exclude(encounter=None).values_list("encounter", flat=True))
    others = _of_nobody(person.organisation).filter(encounter__in=met)
    others = others.exclude(_is_address("reply_to", person.addresses))
    return met - set(others.values_list("encounter", flat=True))


def _of_nobody(organisation: Organisation) -> ResponseQuerySet:
    """Answers with an address that no contact is tied to."""
    rows = Response.objects.filter(organisation=organisation, encounter__contact=None)
    return rows.exclude(reply_to="")


def _find_deliveries(person: Person, *, cases: Sequence[int]) -> list[int]:
    """Messages about these cases, and what else went to the person's address.

    A message about somebody else's case is that one's, also if it went to a shared address; and
    what a member is told in their work is no message to the person.
    """
    rows = Delivery.objects.filter(organisation=person.organisation)
    either = "|".join(map(str, cases))
    of_cases = rows.filter(key__regex=f"^case:({either}):") if cases else rows.none()
    found = set(of_cases.values_list("pk", flat=True))
    members = Member.objects.get_queryset().filter(organisation=person.organisation)
    if not members.filter(_is_address("email", person.addresses)).exists():
        to_them = rows.filter(_is_address("recipient", person.addresses))
        told = to_them.values_list("pk", "key")
        found.update(pk for pk, key in told if not OF_A_CASE.match(key))
    return sorted(found)


def _is_address(field: str, addresses: Sequence[str]) -> Q:
    """Whether the field holds one of them, whatever its case, or the blanks in a number."""
    found = Q(pk__in=[])
    for address in addresses:
        found |= Q(**{f"{field}__iregex": f"^{_pattern_of(address)}$"})
    return found


def _pattern_of(address: str) -> str:
    bare = _bare(address)
    if re.fullmatch(rf"\+?[0-9]{{{DIGITS_MIN},}}", bare):
        return SPACING + SPACING.join(map(re.escape, bare)) + SPACING
    return re.escape(address.strip())


def _bare(address: str) -> str:
    return re.sub(SPACING, "", address).casefold()
