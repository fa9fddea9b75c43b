"""Settings: one's own, the organisation's, its API keys, and its audit."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kokemus.members.audit import record
from kokemus.members.audit_words import ACTIONS, describe
from kokemus.members.colours import CONTRAST_MIN, contrast, text_on
from kokemus.members.forms.pages import SCOPE_WORDS, KeyForm, OrganisationForm, ProfileForm
from kokemus.members.views.requests import demand_admin
from kokemus.store.models import ApiKey, AuditEntry, HiddenNames
from kokemus.store.requests import MemberRequest
from kokemus.ui.notices import announce

ENTRIES_PER_PAGE = 50


@login_required
def profile(request: MemberRequest) -> HttpResponse:
    """One's own name, language, theme, password and second factor."""
    initial = {"name": request.user.name, "language": request.user.language}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        request.user.rename(**form.cleaned_data)
        announce(request, _("The changes are kept."))
        return redirect("profile")
    factors = list(
        Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True)
    )
    context = {
        "form": form,
        "has_totp": "totp" in factors,
        "passkeys": factors.count("webauthn"),
        "roles": request.user.roles.select_related("unit"),
    }
    return render(request, "members/profile.html", context)


@login_required
def organisation(request: MemberRequest) -> HttpResponse:
    demand_admin(request)
    row = request.user.organisation
    form = OrganisationForm.of(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        row.change(**form.cleaned_data)
        record(request, "organisation_changed", subject=row.name, fields=form.changed_data)
        announce(request, _("The changes are kept."))
        return redirect("settings-organisation")
    ink = text_on(row.colour)
    context = {
        "form": form,
        "colour": row.colour,
        "ink": ink,
        "contrast": contrast(row.colour, ink),
        "contrast_min": CONTRAST_MIN,
        "hidden_names": len(HiddenNames.objects.list_of(row.pk)),
    }
    return render(request, "members/organisation.html", context)


@login_required
@never_cache
def keys(request: MemberRequest) -> HttpResponse:
    """The keys of the API. A new key is shown in the answer to its making, and never again."""
    demand_admin(request)
    form = KeyForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        row, secret = ApiKey.objects.issue(request.user.organisation, **form.cleaned_data)
        record(request, "key_created", subject=row.name, prefix=row.prefix, scopes=row.scopes)
        form = KeyForm()
    rows = list(ApiKey.objects.visible_to(request.user).order_by("revoked_at", "-pk"))
    for row in rows:
        row.words = [SCOPE_WORDS.get(scope, scope) for scope in row.scopes]
    context = {"keys": rows, "form": form, "secret": secret, "now": timezone.now()}
    return render(request, "members/keys.html", context)


@login_required
@require_POST
def revoke_key(request: MemberRequest, pk: int) -> HttpResponse:
    demand_admin(request)
    row = get_object_or_404(ApiKey.objects.visible_to(request.user), pk=pk, revoked_at=None)
    row.revoke(at=timezone.now())
    record(request, "key_revoked", subject=row.name, prefix=row.prefix)
    announce(request, _("The key “%(name)s” no longer opens anything.") % {"name": row.name})
    return redirect("settings-keys")


@login_required
def audit(request: MemberRequest) -> HttpResponse:
    demand_admin(request)
    seen = AuditEntry.objects.visible_to(request.user)
    chosen = request.GET.get("action", "")
    who = request.GET.get("member", "")
    rows = seen.filter(action=chosen) if chosen else seen
    rows = rows.filter(member_id=who) if who.isdigit() else rows
    page = Paginator(rows, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    used = sorted(seen.order_by().values_list("action", flat=True).distinct())
    people = request.user.organisation.members.order_by("name").values_list("pk", "name")
    context = {
        "page": page,
        "lines": [
            (entry, ACTIONS.get(entry.action, entry.action), describe(entry)) for entry in page
        ],
        "actions": [(action, str(ACTIONS.get(action, action))) for action in used],
        "people": list(people),
    }
    return render(request, "members/audit.html", context)
