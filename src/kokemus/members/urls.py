"""Who may come in: sign-in, members, units, keys, audit."""

from allauth.account.views import reauthenticate
from allauth.mfa.base.views import reauthenticate as reauthenticate_by_code
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from kokemus.members.views import entry, members, people, settings, units


def closed(request: HttpRequest) -> HttpResponse:
    """What allauth has and we do not: signing up, several addresses, linking accounts."""
    raise Http404


urlpatterns = [
    path("", entry.home, name="home"),
    path("start/", entry.first_run, name="first-run"),
    path("language/", entry.choose_language, name="set_language"),
    path("invited/<str:token>/", entry.invited, name="invited"),
    path("members/", members.members, name="members"),
    path("members/invite/", members.invite, name="member-invite"),
    path("members/invites/<int:pk>/resend/", members.resend, name="invite-resend"),
    path("members/invites/<int:pk>/withdraw/", members.withdraw, name="invite-withdraw"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/activity/", members.activity, name="member-activity"),
    path("members/roles/<int:pk>/revoke/", members.revoke, name="role-revoke"),
    path("units/", units.units, name="units"),
    path("units/new/", units.new_unit, name="unit-new"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/remove/", units.remove_unit, name="unit-remove"),
    path("keys/", settings.keys, name="settings-keys"),
    path("keys/<int:pk>/revoke/", settings.revoke_key, name="key-revoke"),
    path("organisation/", settings.organisation, name="settings-organisation"),
    path("people/", people.people, name="people"),
    path("people/<str:key>/", people.person, name="person"),
    path("people/<str:key>/export.json", people.export, name="person-export"),
    path("people/<str:key>/erase/", people.erase, name="person-erase"),
    path("audit/", settings.audit, name="audit"),
    path("profile/", settings.profile, name="profile"),
    path("account/login/", entry.SignInView.as_view(), name="account_login"),
    path(
        "account/reauthenticate/",
        entry.for_those_with_a_password(reauthenticate),
        name="account_reauthenticate",
    ),
    path(
        "account/2fa/reauthenticate/",
        entry.for_those_with_a_password(reauthenticate_by_code),
        name="mfa_reauthenticate",
    ),
    path("account/demo/", entry.enter_demo, name="demo-enter"),
    re_path(r"^account/(?:signup|email|confirm-email|social|login/code)/", closed, name="closed"),
    re_path(r"^account/3rdparty/(?:signup/)?$", closed, name="closed"),
    path("account/", include("allauth.urls")),
]
