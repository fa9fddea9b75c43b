# ruff: noqa: E501  (a row is one line)
"""Who gets in where: a row for every URL of Django and every operation of the API.

A new page without a row fails `test_walls.py`. To add one, copy a neighbour:

    Wall("overview", "/overview/")                                    every member: 200
    Wall("case", "/cases/{case.number}/")                             outside the unit: 404
    Wall("rules", "/rules/", viewer=403, lead=200)                    leads and above
    Wall("case-take", "/cases/{case.number}/take/", method="post", viewer=403, agent=302)

`path` is filled from the `Scene` below: world, its rows, and `{case}`, `{contact}` and so on. What
is not said is derived: agent as viewer, lead as agent, admin as lead; a path with `{` is 404 for the
partner unit and for the other organisation, any other path is as for agent and for admin. A visitor
without a session is sent to sign in. Rows of the API say the scope that they ask for:

    Operation("post", "/api/v1/encounters", scope="encounters:write", body={...}, key=200)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["anonymous", "viewer", "agent", "lead", "admin", "partner", "other"]
ROLES: tuple[Role, ...] = ("anonymous", "viewer", "agent", "lead", "admin", "partner", "other")
TO_SIGN_IN = 302


@dataclass(frozen=True, kw_only=True)
class Wall:
    """A page: its URL name, how to reach it, and what each role gets."""

    name: str = field(kw_only=False)
    path: str = field(kw_only=False)
    method: Literal["get", "post"] = "get"
    data: dict[str, str] = field(default_factory=dict)
    anonymous: int = TO_SIGN_IN
    viewer: int = 200
    agent: int | None = None
    lead: int | None = None
    admin: int | None = None
    partner: int | None = None
    other: int | None = None
    is_public: bool = False

    def expected(self) -> dict[Role, int]:
        agent = _first(self.agent, self.viewer)
        lead = _first(self.lead, agent)
        admin = _first(self.admin, lead)
        outside = 404 if "{" in self.path else None
        return {
            "anonymous": self.anonymous,
            "viewer": self.viewer,
            "agent": agent,
            "lead": lead,
            "admin": admin,
            "partner": _first(self.partner, outside, agent),
            "other": _first(self.other, outside, admin),
        }


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation of the API: what a key with the scope, and what another's key, gets."""

    method: str = field(kw_only=False)
    path: str = field(kw_only=False)
    scope: str
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)
    key: int = 200
    other: int | None = None
    """Of a key of another organisation; the answer's body must name nothing of ours."""
    door: str = ""
    """Set where a bare ASGI door answers: the test that walks its walls instead."""


def public(name: str, path: str, *, status: int = 200, method: Any = "get") -> Wall:
    """A page that is the same for everybody."""
    same = {"anonymous": status, "viewer": status, "partner": status, "other": status}
    return Wall(name, path, method=method, is_public=True, **same)


# fmt: off
WALLS: list[Wall] = [
    # members: our own pages
    Wall("home", "/", anonymous=302, viewer=302),
    public("healthz", "/healthz", status=503),
    public("metrics", "/metrics", status=403),
    public("first-run", "/start/", status=404),
    public("set_language", "/language/", method="post", status=302),
    public("invited", "/invited/{invite_token}/"),
    Wall("members", "/members/"),
    Wall("member-invite", "/members/invite/", viewer=403, lead=200),
    Wall("invite-resend", "/members/invites/{invite.pk}/resend/", method="post", viewer=403, lead=302),
    Wall("invite-withdraw", "/members/invites/{invite.pk}/withdraw/", method="post", viewer=403, lead=302),
    Wall("member", "/members/{agent.pk}/"),
    Wall("member", "/members/{agent.pk}/", method="post", viewer=403, lead=200),
    Wall("member-activity", "/members/{agent.pk}/activity/", method="post", viewer=403, admin=302),
    Wall("role-revoke", "/members/roles/{agent_role.pk}/revoke/", method="post", viewer=403, lead=302),
    Wall("units", "/units/"),
    Wall("unit-new", "/units/new/", viewer=403, lead=200),
    Wall("unit", "/units/{service.pk}/"),
    Wall("unit", "/units/{service.pk}/", method="post", viewer=403, lead=200),
    Wall("unit-remove", "/units/{service.pk}/remove/", method="post", viewer=403, lead=302),
    Wall("settings-keys", "/keys/", viewer=403, admin=200),
    Wall("key-revoke", "/keys/{api_key.pk}/revoke/", method="post", viewer=403, admin=302, partner=403),
    Wall("settings-organisation", "/organisation/", viewer=403, admin=200),
    Wall("hidden-names", "/organisation/names/", viewer=403, admin=200),
    Wall("hidden-names", "/organisation/names/", method="post", data={"names": "Mirkku"}, viewer=403, admin=302),
    Wall("hidden-names-state", "/organisation/names/state/", viewer=403, admin=200),
    Wall("people", "/people/", viewer=403, admin=200),
    Wall("people", "/people/", method="post", data={"text": "TOP-SECRET"}, viewer=403, admin=200),
    Wall("person", "/people/{contact.pk}/", viewer=403, admin=200, partner=403),
    Wall("person-export", "/people/{contact.pk}/export.json", method="post", viewer=403, admin=200, partner=403),
    Wall("person-erase", "/people/{contact.pk}/erase/", viewer=403, admin=200, partner=403),
    Wall("person-erase", "/people/{contact.pk}/erase/", method="post", viewer=403, admin=302, partner=403),
    Wall("audit", "/audit/", viewer=403, admin=200),
    Wall("profile", "/profile/"),
    # members: allauth's pages
    Wall("account_login", "/account/login/", anonymous=200, viewer=302),
    public("demo-enter", "/account/demo/", method="post", status=404),
    Wall("account_logout", "/account/logout/", anonymous=302),
    public("account_inactive", "/account/inactive/"),
    Wall("account_reauthenticate", "/account/reauthenticate/"),
    Wall("account_change_password", "/account/password/change/"),
    Wall("account_set_password", "/account/password/set/", viewer=302),
    public("account_reset_password", "/account/password/reset/"),
    public("account_reset_password_done", "/account/password/reset/done/"),
    public("account_reset_password_from_key", "/account/password/reset/key/1-set-password/"),
    public("account_reset_password_from_key_done", "/account/password/reset/key/done/"),
    Wall("mfa_index", "/account/2fa/"),
    Wall("mfa_authenticate", "/account/2fa/authenticate/", viewer=302),
    Wall("mfa_reauthenticate", "/account/2fa/reauthenticate/", viewer=302),
    Wall("mfa_activate_totp", "/account/2fa/totp/activate/", viewer=302),
    Wall("mfa_deactivate_totp", "/account/2fa/totp/deactivate/", viewer=404),
    Wall("mfa_view_recovery_codes", "/account/2fa/recovery-codes/", viewer=404),
    Wall("mfa_generate_recovery_codes", "/account/2fa/recovery-codes/generate/", viewer=302),
    Wall("mfa_download_recovery_codes", "/account/2fa/recovery-codes/download/", viewer=404),
    Wall("mfa_list_webauthn", "/account/2fa/webauthn/"),
    Wall("mfa_add_webauthn", "/account/2fa/webauthn/add/", viewer=302),
    Wall("mfa_reauthenticate_webauthn", "/account/2fa/webauthn/reauthenticate/", viewer=302),
    Wall("mfa_remove_webauthn", "/account/2fa/webauthn/keys/1/remove/", viewer=302),
    Wall("mfa_edit_webauthn", "/account/2fa/webauthn/keys/1/edit/", viewer=302),
    Wall("mfa_login_webauthn", "/account/2fa/webauthn/login/", viewer=302),
    public("socialaccount_login_cancelled", "/account/3rdparty/login/cancelled/"),
    public("socialaccount_login_error", "/account/3rdparty/login/error/", status=401),
    public("openid_connect_login", "/account/oidc/single-sign-on/login/", status=404),
    public("openid_connect_callback", "/account/oidc/single-sign-on/login/callback/", status=404),
    # members: what allauth has and we keep shut
    public("closed", "/account/signup/", status=404),
    public("account_signup", "/account/signup/", status=404),
    public("account_email", "/account/email/", status=404),
    public("account_email_verification_sent", "/account/confirm-email/", status=404),
    public("account_confirm_email", "/account/confirm-email/key/", status=404),
    public("account_confirm_login_code", "/account/login/code/confirm/", status=404),
    public("socialaccount_signup", "/account/3rdparty/signup/", status=404),
    public("socialaccount_connections", "/account/3rdparty/", status=404),
    public("social/login/cancelled/", "/account/social/login/cancelled/", status=404),
    public("social/login/error/", "/account/social/login/error/", status=404),
    public("social/signup/", "/account/social/signup/", status=404),
    public("social/connections/", "/account/social/connections/", status=404),
    # server
    public("healthz", "/healthz", status=503),
    public("metrics", "/metrics", status=403),
    # the API's own pages
    public("api-root", "/api/", status=404),
    public("openapi-json", "/api/openapi.json"),
    public("openapi-view", "/api/docs"),
    # listen
    Wall("journeys", "/journeys/"),
    Wall("journey-new", "/journeys/new/", viewer=403, admin=200),
    Wall("stage-new", "/journeys/{journey.pk}/stages/new/", viewer=403, admin=200, partner=403),
    Wall(
        "touchpoint-new",
        "/journeys/{journey.pk}/touchpoints/new/",
        viewer=403,
        lead=200,
        partner=403,
    ),
    Wall("touchpoint", "/touchpoints/{touchpoint.pk}/", viewer=403, lead=200),
    Wall("surveys", "/surveys/"),
    Wall("survey-new", "/surveys/new/", viewer=403, lead=200),
    Wall("survey", "/surveys/{survey.pk}/"),
    Wall("survey", "/surveys/{survey.pk}/", method="post", viewer=403, lead=200),
    Wall(
        "survey-open-or-close",
        "/surveys/{survey.pk}/open-or-close/",
        method="post",
        viewer=403,
        lead=302,
    ),
    Wall("survey-preview", "/surveys/{survey.pk}/preview/"),
    Wall("comment-show", "/comments/{case.response_id}/show/", method="post", viewer=403, lead=200),
    Wall("import-responses", "/imports/", viewer=403, lead=200),
    Wall("import-run", "/imports/{import_run.pk}/", viewer=403, lead=200),
    Wall("import-progress", "/imports/{import_run.pk}/progress/", viewer=403, lead=200),
    Wall("import-refused", "/imports/{import_run.pk}/refused.csv", viewer=403, lead=200),
    Wall("import-drop", "/imports/{import_run.pk}/drop/", method="post", viewer=403, lead=302),
    Wall("survey-code", "/surveys/{survey.pk}/code.svg"),
    # respond
    Wall("today", "/today/"),
    Wall("case", "/cases/{case.number}/"),
    Wall("case-take", "/cases/{case.number}/take/", method="post", viewer=403, agent=302),
    Wall("case-put-back", "/cases/{case.number}/put-back/", method="post", viewer=403, agent=302),
    Wall("case-note", "/cases/{case.number}/note/", method="post", data={"note-text": "Called"}, viewer=403, agent=302),
    Wall("case-reply", "/cases/{case.number}/reply/", method="post", data={"reply-text": "Sorry", "reply-token": "t"}, viewer=403, agent=302),
    Wall("case-hand-off", "/cases/{case.number}/hand-off/", method="post", viewer=403, agent=422),
    Wall("case-resolve", "/cases/{case.number}/resolve/", method="post", data={"resolve-cause": "promise", "resolve-text": "Mended"}, viewer=403, agent=302),
    Wall("case-reopen", "/cases/{case.number}/reopen/", method="post", viewer=403, agent=302),
    Wall("deliveries", "/deliveries/"),
    Wall("deliveries-retry", "/deliveries/retry/", method="post", viewer=403, agent=302),
    Wall("delivery-retry", "/deliveries/{delivery.pk}/retry/", method="post", viewer=403, agent=302),
    Wall("rules", "/rules/"),
    Wall("rule-new", "/rules/new/", viewer=403, lead=200),
    Wall("rule-preview", "/rules/preview/", method="post"),
    Wall("rule-restore", "/rules/restore/", method="post", viewer=404),
    Wall("rule", "/rules/{rule.pk}/", viewer=403, lead=200),
    Wall("rule-pause", "/rules/{rule.pk}/pause/", method="post", viewer=403, lead=302),
    Wall("rule-resume", "/rules/{rule.pk}/resume/", method="post", viewer=403, lead=302),
    Wall("rule-remove", "/rules/{rule.pk}/remove/", method="post", viewer=403, lead=302),
    # share
    Wall("overview", "/overview/?period=all"),
    Wall("overview-chart", "/overview/charts/ranking/?period=all"),
    Wall("responses", "/responses/?period=all"),
    Wall("responses-export", "/responses/export.csv?period=all"),
    Wall("response", "/responses/{case.response_id}/"),
    Wall("comments", "/comments/?period=all"),
    Wall("comments-export", "/comments/export.csv?period=all"),
    Wall("comments-progress", "/comments/progress/"),
    Wall("comment", "/comments/{case.response_id}/"),
    Wall("comment-sentiment", "/comments/{case.response_id}/sentiment/", method="post", data={"label": "neutral"}, viewer=403, agent=302),
    Wall("comment-theme", "/comments/{case.response_id}/theme/", method="post", data={"theme": "0"}, viewer=403, agent=400),
    Wall("sentiment-undo", "/comments/corrections/{correction.pk}/undo/", method="post", viewer=403, agent=302),
    Wall("theme-example-undo", "/comments/examples/{example.pk}/undo/", method="post", viewer=403, agent=302),
    Wall("themes", "/themes/?period=all"),
    Wall("themes-apart", "/themes/apart/?period=all"),
    Wall("themes-found", "/themes/found/", viewer=403, admin=200),
    Wall("themes-found-state", "/themes/found/state/", viewer=403, admin=200),
    Wall("theme-new", "/themes/new/?period=all", viewer=403, admin=200),
    Wall("theme", "/themes/waiting/?period=all"),
    Wall("theme-chart", "/themes/waiting/charts/trend/?period=all"),
    Wall("theme-rename", "/themes/waiting/rename/", method="post", viewer=403, admin=302),
    Wall("theme-rename-undo", "/themes/waiting/rename/undo/", method="post", viewer=403, admin=302),
    Wall("theme-merge", "/themes/waiting/merge/", method="post", viewer=403, admin=302),
    Wall("theme-split", "/themes/waiting/split/", method="post", viewer=403, admin=302),
    Wall("theme-retire", "/themes/waiting/retire/", method="post", viewer=403, admin=302),
    Wall("theme-restore", "/themes/waiting/restore/", method="post", viewer=403, admin=302),
    Wall("demo-step", "/demo/steps/overdue/", method="post", viewer=404),
    Wall("demo-dismiss", "/demo/dismiss/", method="post", viewer=404),
]
# fmt: on

OPERATIONS: list[Operation] = [
    Operation(
        "post",
        "/api/v1/encounters",
        scope="encounters:write",
        body={
            "reference": "visit-1",
            "touchpoint": "visit",
            "happened_at": "2026-03-02T10:00:00+02:00",
        },
        key=201,
    ),
    Operation(
        "post",
        "/api/v1/responses",
        scope="responses:write",
        door="tests/listen/test_json_answers.py",
    ),
]


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)
