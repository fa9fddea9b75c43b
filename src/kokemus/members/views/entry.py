"""The doors: the first run, signing in, coming in by an invitation, the language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from kokemus.members.audit import record
from kokemus.members.forms.pages import AcceptForm, FirstRunForm
from kokemus.members.founding import found_organisation
from kokemus.store.models import Member, MemberInvite, Organisation
from kokemus.store.models.organisation import AlreadyFounded, InviteUsed

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WAIT_SECONDS = 300


def home(request: HttpRequest) -> HttpResponse:
    return redirect("today" if request.user.is_authenticated else "account_login")


@never_cache
@sensitive_post_parameters("password")
def first_run(request: HttpRequest) -> HttpResponse:
    """Ask for the organisation and its first member; gone once there is one."""
    if Organisation.objects.exists():
        raise Http404
    form = FirstRunForm(request.POST or None, initial={"language": translation.get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            member = found_organisation(**form.cleaned_data)
        except AlreadyFounded:
            return redirect("account_login")
        login(request, member, backend=BACKEND)
        record(request, "organisation_founded", member=member, subject=member.organisation.name)
        with translation.override(member.language):
            messages.success(request, _("Welcome. Next, draw where you meet your customers."))
        return redirect("journeys")
    return render(request, "members/first_run.html", {"form": form})


class SignInView(LoginView):  # type: ignore[misc]
    """allauth's, which also says by its status and headers that it asks to wait."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if form.is_throttled:
            response.status_code = 429
            response["Retry-After"] = str(WAIT_SECONDS)
        return response

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        people = Member.objects.of_demo().prefetch_related("roles__unit").order_by("pk")
        return {**super().get_context_data(**context), "demo_people": _one_of_each(people)}


def for_those_with_a_password(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """allauth's page that asks once more who it is; who has nothing to show for it is told so."""

    @wraps(view)
    def ask_again(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        member = request.user
        if isinstance(member, Member) and not get_adapter().get_reauthentication_methods(member):
            raise PermissionDenied(
                _("Your password would be asked for here, but you sign in without one.")
            )
        return view(request, *arguments, **options)

    return ask_again


def _one_of_each(people: Iterable[Member]) -> list[Member]:
    """The first who holds each role, in one's own units and in a partner's."""
    found: dict[tuple[str, str], Member] = {}
    for member in people:
        for role in member.roles.all():
            found.setdefault((role.unit.kind, role.kind), member)
    return list(dict.fromkeys(found.values()))


@require_POST
def enter_demo(request: HttpRequest) -> HttpResponse:
    """Come in as one of the people of the demo; 404 for anybody else's."""
    chosen = request.POST.get("member", "")
    people = Member.objects.of_demo()
    member = get_object_or_404(people, pk=chosen if chosen.isdigit() else None)
    login(request, member, backend=BACKEND)
    return redirect(settings.LOGIN_REDIRECT_URL)


def too_many(request: HttpRequest, *_arguments: Any, **_options: Any) -> HttpResponse:
    """The answer to too many tries, in words; the project's handler429."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response


@never_cache
@sensitive_post_parameters("password")
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation's link; using it up makes the member and signs them in."""
    invite = MemberInvite.objects.open_for(token, now=timezone.now())
    if invite is None or Member.objects.filter(email=invite.email).exists():
        return render(request, "members/invite_over.html", status=410)
    initial = {"language": translation.get_language()}
    form = AcceptForm(request.POST or None, email=invite.email, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            member = invite.accept(**form.cleaned_data, at=timezone.now())
        except InviteUsed:
            return render(request, "members/invite_over.html", status=410)
        login(request, member, backend=BACKEND)
        record(request, "invite_accepted", member=member, subject=member.email)
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "members/invited.html", {"form": form, "invite": invite})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the language: of the browser, and of the member who is signed in."""
    language = request.POST.get("language", "")
    if isinstance(request.user, Member) and language in dict(settings.LANGUAGES):
        request.user.choose_language(language)
    response: HttpResponse = set_language(request)
    return response
