from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kokemus.respond.forms import RuleForm
from kokemus.respond.rule_list import list_rules, themes_of, touchpoints_of, units_led_by
from kokemus.respond.rules import (
    NotYourRule,
    change_rule,
    lay_down_rule,
    pause_rule,
    preview_rule,
    remove_rule,
    restore_rule,
    resume_rule,
)
from kokemus.store.models import TriageRule, Unit
from kokemus.store.requests import MemberRequest
from kokemus.ui.notices import announce

SALT = "kokemus.respond.rules"
UNDO_SECONDS = 3600


@login_required
@require_safe
def rules(request: MemberRequest) -> HttpResponse:
    member = request.user
    context = {"rows": list_rules(member), "may_add": member.has_role_somewhere("lead")}
    return render(request, "respond/rules.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: MemberRequest) -> HttpResponse:
    member = request.user
    if not member.has_role_somewhere("lead"):
        raise PermissionDenied(gettext("Rules are laid down by leads and admins."))
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        rule = lay_down_rule(member, form.wanted())
        announce(request, gettext("The rule “%(name)s” is in use.") % {"name": rule.name})
        return redirect("rules")
    return _show_form(request, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: MemberRequest, key: int) -> HttpResponse:
    member, found = request.user, _find(request, key)
    if not member.has_role("lead", unit=found.unit):
        words = gettext("Rules of %(unit)s are laid down by its leads and admins.")
        raise PermissionDenied(words % {"unit": found.unit.name})
    form = _form(request, rule=found)
    if request.method == "POST" and form.is_valid():
        change_rule(member, found, form.wanted())
        announce(request, gettext("The rule “%(name)s” is changed.") % {"name": found.name})
        return redirect("rules")
    return _show_form(request, form, rule=found)


@login_required
@require_POST
def preview(request: MemberRequest) -> HttpResponse:
    """How many cases the rule in the form would have opened; a part of the form's page."""
    form = _form(request)
    context: dict[str, Any] = {"preview": None}
    if form.is_valid():
        context["preview"] = preview_rule(form.wanted(), now=timezone.now())
    return render(request, "respond/rule_preview.html", context)


@login_required
@require_POST
def pause(request: MemberRequest, key: int) -> HttpResponse:
    found = _find(request, key)
    try:
        pause_rule(request.user, found)
    except NotYourRule as error:
        raise PermissionDenied(str(error)) from error
    words = gettext("The rule “%(name)s” is paused.") % {"name": found.name}
    announce(request, words, undo_url=reverse("rule-resume", args=[key]))
    return redirect("rules")


@login_required
@require_POST
def resume(request: MemberRequest, key: int) -> HttpResponse:
    found = _find(request, key)
    try:
        resume_rule(request.user, found)
    except NotYourRule as error:
        raise PermissionDenied(str(error)) from error
    announce(request, gettext("The rule “%(name)s” is in use.") % {"name": found.name})
    return redirect("rules")


@login_required
@require_POST
def remove(request: MemberRequest, key: int) -> HttpResponse:
    found = _find(request, key)
    try:
        kept = remove_rule(request.user, found)
    except NotYourRule as error:
        raise PermissionDenied(str(error)) from error
    query = urlencode({"rule": signing.dumps(kept, salt=SALT, compress=True)})
    words = gettext("The rule “%(name)s” is deleted.") % {"name": found.name}
    announce(request, words, undo_url=f"{reverse('rule-restore')}?{query}")
    return redirect("rules")


@login_required
@require_POST
def restore(request: MemberRequest) -> HttpResponse:
    try:
        text = request.GET.get("rule", "")
        kept = signing.loads(text, salt=SALT, max_age=UNDO_SECONDS)
        restored = restore_rule(request.user, kept)
    except (signing.BadSignature, Unit.DoesNotExist):
        raise Http404 from None
    except NotYourRule as error:
        raise PermissionDenied(str(error)) from error
    announce(request, gettext("The rule “%(name)s” is in use.") % {"name": restored.name})
    return redirect("rules")


def _find(request: MemberRequest, key: int) -> TriageRule:
    rows = TriageRule.objects.visible_to(request.user).select_related("unit")
    return get_object_or_404(rows, pk=key)


def _form(request: MemberRequest, *, rule: TriageRule | None = None) -> RuleForm:
    member = request.user
    return RuleForm(
        request.POST if request.method == "POST" else None,
        units=units_led_by(member),
        touchpoints=touchpoints_of(member),
        themes=themes_of(member),
        rule=rule,
    )


def _show_form(
    request: MemberRequest, form: RuleForm, *, rule: TriageRule | None = None
) -> HttpResponse:
    context = {"form": form, "rule": rule}
    return render(request, "respond/rule.html", context, status=422 if form.is_bound else 200)
