"""The tenant, its tree of units, and who may do what where."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import connections, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kokemus.store.visibility import VisibleQuerySet, WalledQuerySet

LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]


class OrganisationQuerySet(VisibleQuerySet["Organisation"]):
    def visible_to(self, member: Member) -> OrganisationQuerySet:
        return self.filter(pk=member.organisation_id)

    @transaction.atomic
    def found(self, *, name: str, language: str, time_zone: str) -> Organisation:
        """Create an organisation with its root unit, its first triage rules and themes."""
        from kokemus.store.models.cases import TriageRule  # these stand above this module
        from kokemus.store.models.themes import Theme

        organisation = self.create(name=name, language=language, time_zone=time_zone)
        Unit.objects.plant(organisation, name=name)
        TriageRule.objects.lay_down_defaults(organisation)
        Theme.objects.lay_down_starting(organisation)
        return organisation

    @transaction.atomic
    def found_first(self, *, name: str, language: str, time_zone: str) -> Organisation:
        """Found the first organisation; of several at once, one succeeds and the rest raise."""
        self._await_turn()
        if self.exists():
            raise AlreadyFounded("This installation has an organisation already. Sign in.")
        return self.found(name=name, language=language, time_zone=time_zone)

    def _await_turn(self) -> None:
        """SQLite's transactions take turns already; PostgreSQL's are made to, until commit."""
        connection = connections[self.db]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE store_organisation IN EXCLUSIVE MODE")


class AlreadyFounded(ValueError):
    """The first run is over."""


class Organisation(models.Model):
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="fi")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Helsinki")
    colour = models.CharField(_("colour"), max_length=7, default="#0e6a6a")
    reply_hours = models.PositiveSmallIntegerField(_("hours to reply"), default=24)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(colour__regex=r"^#[0-9a-f]{6}$"), name="organisation_colour_is_hex"
            ),
            models.CheckConstraint(
                condition=Q(reply_hours__gte=1), name="organisation_reply_hours_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def root(self) -> Unit:
        return self.units.get(parent=None)

    def show_as_demo(self, *, reply_hours: int) -> None:
        """Mark it as invented: anybody may then look around in it without a password."""
        self.is_demo, self.reply_hours = True, reply_hours
        self.save(update_fields=["is_demo", "reply_hours"])

    @transaction.atomic
    def change(self, **values: Any) -> None:
        """Change how the organisation is called and looks; answer pages follow."""
        from kokemus.store.models.access import Revision

        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
        Revision.objects.bump()

    def lock(self) -> None:
        """Make others who lock the organisation wait until this transaction ends."""
        Organisation.objects.select_for_update(no_key=True).get(pk=self.pk)


class UnitQuerySet(WalledQuerySet["Unit"]):
    wall = ""

    @transaction.atomic
    def plant(
        self,
        organisation: Organisation,
        *,
        name: str,
        parent: Unit | None = None,
        kind: str = "internal",
        code: str = "",
        email: str = "",
    ) -> Unit:
        """Add a unit to the tree, below `parent`."""
        organisation.lock()
        if parent is not None:
            parent.refresh_from_db(fields=["path"])
        unit = self.create(
            organisation=organisation, name=name, parent=parent, kind=kind, code=code, email=email
        )
        unit.path = f"{parent.path if parent else ''}{unit.pk}/"
        unit.save(update_fields=["path"])
        return unit

    def below(self, unit: Unit) -> UnitQuerySet:
        """The unit and all under it."""
        return self.filter(organisation=unit.organisation_id, path__startswith=unit.path)


class Unit(models.Model):
    """A department, team, shop or partner. `path` is the chain of keys from the root: '1/5/9/'."""

    class Kind(models.TextChoices):
        INTERNAL = "internal", _("Own unit")
        PARTNER = "partner", _("Partner")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="units")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.INTERNAL)
    code = models.CharField(_("code"), max_length=40, blank=True)
    email = models.EmailField(_("mail for alerts"), blank=True)
    path = models.CharField(max_length=200, db_index=True, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint("organisation", condition=Q(parent=None), name="unit_one_root"),
            models.UniqueConstraint(
                "organisation", "code", condition=~Q(code=""), name="unit_code_unique"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["internal", "partner"]), name="unit_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        return self.path.count("/") - 1

    @transaction.atomic
    def move(self, *, parent: Unit) -> None:
        """Hang the unit and all under it below another one of the same organisation.

        The tree is rearranged by one at a time: who sees what hangs on the paths.
        """
        self.organisation.lock()
        for unit in (self, parent):
            unit.refresh_from_db(fields=["path"])
        if parent.path.startswith(self.path) or parent.organisation_id != self.organisation_id:
            raise ImpossibleMove(f"{self.name} cannot be moved below {parent.name}.")
        old, new = self.path, f"{parent.path}{self.pk}/"
        below = list(Unit.objects.below(self))
        for unit in below:
            unit.path = new + unit.path.removeprefix(old)
        Unit.objects.bulk_update(below, ["path"])
        self.parent, self.path = parent, new
        self.save(update_fields=["parent", "path"])

    def change(self, *, name: str, kind: str, code: str, email: str) -> None:
        self.name, self.kind, self.code, self.email = name, kind, code, email
        self.save(update_fields=["name", "kind", "code", "email"])

    @transaction.atomic
    def remove(self) -> None:
        """Take the unit away; only one in which nothing has happened and nobody works."""
        if self.parent_id is None or self.roles.exists() or self.invites.exists():
            raise UnitNotEmpty(self.name)
        try:
            self.delete()
        except models.ProtectedError:
            raise UnitNotEmpty(self.name) from None


class UnitNotEmpty(ValueError):
    """The unit has members, units below it, touchpoints or answers, or is the root."""


class ImpossibleMove(ValueError):
    """A unit cannot hang below itself or in another organisation."""


class MemberManager(BaseUserManager["Member"]):
    def get_queryset(self) -> MemberQuerySet:
        return MemberQuerySet(self.model, using=self._db).select_related("organisation")

    def visible_to(self, member: Member) -> MemberQuerySet:
        return self.get_queryset().visible_to(member)

    def of_demo(self) -> MemberQuerySet:
        """Members of an invented organisation: anybody may look around as one of them."""
        return self.get_queryset().filter(organisation__is_demo=True, is_active=True)

    def names_in(self, organisation_id: int) -> tuple[str, ...]:
        """The names of all members, of those shut out too: they are hidden in comments."""
        rows = self.get_queryset().filter(organisation=organisation_id).order_by("pk")
        return tuple(rows.values_list("name", flat=True))

    def enrol(
        self,
        organisation: Organisation,
        *,
        email: str,
        name: str,
        language: str,
        password: str | None = None,
    ) -> Member:
        """Create a member; without a password they can only come in by single sign-on or reset."""
        member = self.model(
            organisation=organisation,
            email=self.normalize_email(email).lower(),
            name=name,
            language=language,
        )
        member.set_password(password)
        member.save()
        return member


class MemberQuerySet(VisibleQuerySet["Member"]):
    def visible_to(self, member: Member) -> MemberQuerySet:
        """Oneself, and those who have a role in a unit one can see; an admin sees everybody."""
        if member.is_organisation_admin:
            return super().visible_to(member)
        seen = Role.objects.visible_to(member).values("member")
        return self.filter(Q(pk=member.pk) | Q(pk__in=seen))


class Member(AbstractBaseUser):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="members")
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="fi")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def role_units(self) -> list[tuple[str, str]]:
        """(role, path of the unit) of each role, read once for the life of this object."""
        if not hasattr(self, "_role_units"):
            self._role_units = list(self.roles.values_list("kind", "unit__path"))
        return self._role_units

    def names_around(self) -> tuple[str, ...]:
        """The names that the organisation hides, read once for the life of this object."""
        if not hasattr(self, "_names_around"):
            from kokemus.store.models.hidden_names import HiddenNames  # it stands above this

            self._names_around = HiddenNames.objects.names_to_hide(self.organisation_id)
        return self._names_around

    def paths_with(self, at_least: str) -> list[str]:
        """Paths of the units in which the member holds this role or a higher one."""
        needed = Role.RANK[at_least]
        return [path for kind, path in self.role_units() if Role.RANK[kind] >= needed]

    def has_role(self, at_least: str, *, unit: Unit) -> bool:
        """Whether the member holds this role or a higher one in the unit or above it."""
        if unit.organisation_id != self.organisation_id:
            return False
        return any(unit.path.startswith(path) for path in self.paths_with(at_least))

    def has_role_somewhere(self, at_least: str) -> bool:
        return bool(self.paths_with(at_least))

    @property
    def is_organisation_admin(self) -> bool:
        return any(kind == "admin" and path.count("/") == 1 for kind, path in self.role_units())

    def rename(self, *, name: str, language: str) -> None:
        self.name, self.language = name, language
        self.save(update_fields=["name", "language"])

    def choose_language(self, language: str) -> None:
        self.language = language
        self.save(update_fields=["language"])

    def deactivate(self) -> None:
        """Shut the member out at once; what they did stays."""
        self.is_active = False
        self.save(update_fields=["is_active"])

    def reactivate(self) -> None:
        self.is_active = True
        self.save(update_fields=["is_active"])


class RoleQuerySet(WalledQuerySet["Role"]):
    def of_organisation_admins(self, organisation: Organisation) -> RoleQuerySet:
        """The admin roles at the root of the tree that active members hold."""
        return self.filter(
            kind="admin", unit__organisation=organisation, unit__parent=None, member__is_active=True
        )

    def grant(self, member: Member, *, unit: Unit, kind: str) -> Role:
        """Give a role in a unit, in place of the one held there before."""
        role, _created = self.update_or_create(member=member, unit=unit, defaults={"kind": kind})
        return role


class Role(models.Model):
    class Kind(models.TextChoices):
        VIEWER = "viewer", _("Viewer")
        AGENT = "agent", _("Agent")
        LEAD = "lead", _("Lead")
        ADMIN = "admin", _("Admin")

    RANK = {"viewer": 1, "agent": 2, "lead": 3, "admin": 4}

    member = models.ForeignKey(Member, models.CASCADE, related_name="roles")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="roles")
    kind = models.CharField(_("role"), max_length=6, choices=Kind)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("member", "unit", name="role_one_per_unit"),
            models.CheckConstraint(
                condition=Q(kind__in=["viewer", "agent", "lead", "admin"]), name="role_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.kind}, {self.unit}"

    def revoke(self) -> None:
        self.delete()


class MemberInviteQuerySet(WalledQuerySet["MemberInvite"]):
    def invite(
        self, *, email: str, unit: Unit, kind: str, by: Member, expires_at: dt.datetime
    ) -> tuple[MemberInvite, str]:
        """Invite an address to a role in a unit; return the invite and its one-time token."""
        token = secrets.token_urlsafe(24)
        invite = self.create(
            email=email.lower(),
            unit=unit,
            kind=kind,
            invited_by=by,
            expires_at=expires_at,
            token_hash=hash_token(token),
        )
        return invite, token

    def open_for(self, token: str, *, now: dt.datetime) -> MemberInvite | None:
        return self.filter(
            token_hash=hash_token(token), accepted_at=None, expires_at__gt=now
        ).first()


class MemberInvite(models.Model):
    """An invitation to come in as a member (an `Invitation` asks a contact for an answer)."""

    email = models.EmailField(_("email"))
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="invites")
    kind = models.CharField(_("role"), max_length=6, choices=Role.Kind)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    objects = MemberInviteQuerySet.as_manager()

    def __str__(self) -> str:
        return self.email

    def renew(self, *, expires_at: dt.datetime) -> str:
        """Make a new token, which alone is good from now on."""
        token = secrets.token_urlsafe(24)
        self.token_hash, self.expires_at = hash_token(token), expires_at
        self.save(update_fields=["token_hash", "expires_at"])
        return token

    @transaction.atomic
    def accept(self, *, name: str, language: str, password: str, at: dt.datetime) -> Member:
        """Make the invited person a member; an invite is good once."""
        unused = MemberInvite.objects.filter(pk=self.pk, accepted_at=None)
        if not unused.update(accepted_at=at):
            raise InviteUsed(f"The invitation of {self.email} has been used.")
        member = Member.objects.enrol(
            self.unit.organisation,
            email=self.email,
            name=name,
            language=language,
            password=password,
        )
        Role.objects.grant(member, unit=self.unit, kind=self.kind)
        self.accepted_at = at
        return member

    def withdraw(self) -> None:
        self.delete()


class InviteUsed(ValueError):
    """An invite is good once."""


def hash_token(token: str) -> str:
    """Tokens have 192 random bits, so a plain hash keeps them; the token itself is not stored."""
    return hashlib.sha256(token.encode()).hexdigest()
