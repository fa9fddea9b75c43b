"""Questionnaires and their published, immutable versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from kokemus.store.identifiers import new_link
from kokemus.store.models.access import Revision
from kokemus.store.models.journeys import Touchpoint
from kokemus.store.models.organisation import Member, Organisation
from kokemus.store.scales import SCALES
from kokemus.store.visibility import WalledQuerySet


class SurveyQuerySet(WalledQuerySet["Survey"]):
    wall = "touchpoint__unit"

    def draft(
        self, touchpoint: Touchpoint, *, name: str, scale: str, texts: dict[str, Any]
    ) -> Survey:
        """Create a survey at a touchpoint; its public link is made now and never changes."""
        return self.create(
            organisation=touchpoint.organisation,
            touchpoint=touchpoint,
            name=name,
            scale=scale,
            texts=texts,
            link=new_link(),
        )


class Survey(models.Model):
    """A questionnaire being designed. `texts`: {language: {question, low, high, why, ...}}."""

    class ScaleCode(models.TextChoices):
        NPS = "nps", _("Recommendation (NPS, 0–10)")
        CSAT = "csat", _("Satisfaction (CSAT, 1–5)")
        CES = "ces", _("Effort (CES 2.0, 1–7)")
        STARS = "stars", _("Five stars")
        THUMBS = "thumbs", _("Thumb up or down")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="surveys")
    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT, related_name="surveys")
    name = models.CharField(_("name"), max_length=120)
    scale = models.CharField(_("scale"), max_length=6, choices=ScaleCode)
    texts = models.JSONField()
    link = models.CharField(max_length=32, unique=True, editable=False)
    is_open = models.BooleanField(default=True)
    hides_personal_data = models.BooleanField(_("hide personal data at once"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["touchpoint__stage__position", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(scale__in=list(SCALES)), name="survey_scale_known")
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def publish(self, *, by: Member | None, at: dt.datetime) -> Version:
        """Freeze the texts as a new version, which the public link shows from now on."""
        last = self.versions.aggregate(last=Max("number"))["last"] or 0
        version = Version.objects.create(
            survey=self,
            number=last + 1,
            scale=self.scale,
            texts=self.texts,
            hides_personal_data=self.hides_personal_data,
            published_by=by,
            published_at=at,
        )
        Revision.objects.bump()
        return version

    @property
    def current(self) -> Version | None:
        return self.versions.order_by("-number").first()

    def rewrite(
        self, *, name: str, texts: dict[str, Any], hides_personal_data: bool | None = None
    ) -> None:
        """Change the draft; what is published stays as it is until the next publishing."""
        self.name, self.texts = name, texts
        if hides_personal_data is not None:
            self.hides_personal_data = hides_personal_data
        self.save(update_fields=["name", "texts", "hides_personal_data"])

    @transaction.atomic
    def close(self) -> None:
        """Stop taking answers; the link then says so."""
        self.is_open = False
        self.save(update_fields=["is_open"])
        Revision.objects.bump()

    @transaction.atomic
    def reopen(self) -> None:
        self.is_open = True
        self.save(update_fields=["is_open"])
        Revision.objects.bump()


class VersionQuerySet(WalledQuerySet["Version"]):
    wall = "survey__touchpoint__unit"


class Version(models.Model):
    """What people were asked. Immutable: the database refuses to change a row."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    scale = models.CharField(max_length=6, choices=Survey.ScaleCode)
    texts = models.JSONField()
    hides_personal_data = models.BooleanField(default=False)
    published_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["survey", "-number"]
        constraints = [
            models.UniqueConstraint("survey", "number", name="version_number_unique"),
            models.CheckConstraint(condition=Q(scale__in=list(SCALES)), name="version_scale_known"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.number}"
