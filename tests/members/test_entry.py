"""The doors: first run, sign-in, invitations, language, and who is kept out."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from tests.world import PASSWORD, World

from kokemus.members.founding import found_organisation
from kokemus.members.invites import invite_member
from kokemus.store.models import AuditEntry, Delivery, Member, MemberInvite, Organisation, Role
from kokemus.store.models.organisation import AlreadyFounded

FIRST = {
    "name": "Kotiapu Oy",
    "member_name": "Aino Virtanen",
    "email": "aino@kotiapu.example",
    "password": "sininen vene järvellä",
    "language": "fi",
    "time_zone": "Europe/Helsinki",
}


def sign_in(client: Client, member: Member, password: str = PASSWORD) -> Any:
    return client.post("/account/login/", {"login": member.email, "password": password})


def signed_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/surveys/", "/account/login/", "/audit/"])
def test_every_page_leads_to_the_first_run(db: None, client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, "/start/")


def test_the_first_run_founds_the_organisation_and_signs_in(db: None, client: Client) -> None:
    assert client.post("/start/", FIRST)["Location"] == "/journeys/"
    member = Member.objects.get()
    assert (member.name, member.language, member.organisation.name) == (
        "Aino Virtanen",
        "fi",
        "Kotiapu Oy",
    )
    assert member.is_organisation_admin
    assert member.password.startswith("argon2")
    assert signed_in(client)
    assert client.get("/start/").status_code == 404


def test_the_first_run_asks_for_a_better_password(db: None, client: Client) -> None:
    body = client.post("/start/", {**FIRST, "password": "salasana"}).content.decode()
    assert "field-errors" in body
    assert not Organisation.objects.exists()


def test_two_first_runs_at_once_found_one(transactional_db: None) -> None:
    results: list[str] = []
    ready = threading.Barrier(4)

    def found(number: int) -> None:
        ready.wait()
        try:
            found_organisation(
                f"Number {number}",
                language="fi",
                time_zone="UTC",
                member_name="A",
                email=f"a{number}@a.example",
                password=PASSWORD,
            )
            results.append("founded")
        except AlreadyFounded:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=found, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["founded", "refused", "refused", "refused"]
    assert (Organisation.objects.count(), Member.objects.count()) == (1, 1)


def test_a_member_signs_in_and_the_audit_says_so(world: World, client: Client) -> None:
    assert sign_in(client, world.agent).status_code == 302
    assert signed_in(client)
    entry = AuditEntry.objects.get(action="sign_in")
    assert (entry.member_name, entry.address) == (world.agent.name, "127.0.0.1")


def test_a_wrong_password_stays_outside_and_the_audit_says_so(world: World, client: Client) -> None:
    response = sign_in(client, world.agent, password="something else")
    assert "do not belong together" in response.content.decode()
    assert not signed_in(client)
    assert AuditEntry.objects.get(action="sign_in_failed").subject == world.agent.email


def test_too_many_tries_are_asked_to_wait(world: World, client: Client) -> None:
    answers = [sign_in(client, world.agent, password=f"wrong {n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1]["Retry-After"] == "300"
    assert "Wait five minutes" in answers[-1].content.decode()
    assert sign_in(client, world.agent).status_code == 429
    assert sign_in(client, world.lead).status_code == 302


def test_a_deactivated_member_is_out_at_once(world: World, client: Client) -> None:
    sign_in(client, world.agent)
    world.agent.deactivate()
    assert not signed_in(client)
    sign_in(client, world.agent)
    assert not signed_in(client)


def test_pages_speak_the_members_language(world: World, client: Client) -> None:
    sign_in(client, world.agent)
    client.post("/language/", {"language": "fi", "next": "/members/"})
    world.agent.refresh_from_db()
    assert world.agent.language == "fi"
    fresh = Client(headers={"Accept-Language": "en"})
    sign_in(fresh, world.agent)
    assert "<h1>Jäsenet</h1>" in fresh.get("/members/").content.decode()


def test_the_language_switch_leads_nowhere_else(world: World, client: Client) -> None:
    response = client.post("/language/", {"language": "fi", "next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_a_forgotten_password_is_chosen_anew_by_mail(world: World, client: Client) -> None:
    client.post(
        "/account/password/reset/", {"email": world.agent.email}, headers={"Host": "localhost"}
    )
    delivery = Delivery.objects.get()
    assert delivery.recipient == world.agent.email
    link = next(line for line in delivery.text.splitlines() if line.startswith("http"))
    assert link.startswith(f"{settings.PUBLIC_URL}/account/password/reset/key/")
    page = client.get(link.removeprefix(settings.PUBLIC_URL), follow=True)
    form = {"password1": "vihreä lamppu pöydällä", "password2": "vihreä lamppu pöydällä"}
    client.post(page.request["PATH_INFO"], form)
    world.agent.refresh_from_db()
    assert world.agent.check_password("vihreä lamppu pöydällä")


def test_an_unknown_address_gets_no_mail_and_no_hint(world: World, client: Client) -> None:
    answers = [
        client.post("/account/password/reset/", {"email": email}, follow=True).content
        for email in (world.agent.email, "nobody@acme.example")
    ]
    known, unknown = (re.sub(rb"[\w-]{64}", b"", answer) for answer in answers)
    assert known == unknown
    assert Delivery.objects.count() == 1


def link_of_invite(world: World, *, kind: str = "agent") -> str:
    from django.utils import timezone

    invite_member(
        world.admin,
        email="new@acme.example",
        unit=world.service,
        kind=kind,
        public_url="",
        now=timezone.now(),
    )
    text = Delivery.objects.latest("pk").text
    return next(line for line in text.splitlines() if line.startswith("/invited/"))


ACCEPT = {"name": "Uusi Jäsen", "password": "kolme kissaa katolla", "language": "fi"}


def test_a_second_click_sends_no_second_invitation(world: World) -> None:
    link_of_invite(world)
    link_of_invite(world)
    assert (MemberInvite.objects.count(), Delivery.objects.count()) == (1, 1)
    link_of_invite(world, kind="viewer")
    assert MemberInvite.objects.count() == 2


def test_an_invitation_makes_a_member_once(world: World, client: Client) -> None:
    link = link_of_invite(world)
    assert client.post(link, ACCEPT).status_code == 302
    member = Member.objects.get(email="new@acme.example")
    assert [(role.kind, role.unit) for role in member.roles.all()] == [("agent", world.service)]
    assert signed_in(client)
    assert Client().get(link).status_code == 410


def test_an_old_or_withdrawn_invitation_is_over(world: World, client: Client) -> None:
    old = link_of_invite(world)
    MemberInvite.objects.update(expires_at="2020-01-01T00:00Z")
    assert client.post(old, ACCEPT).status_code == 410
    withdrawn = link_of_invite(world)
    MemberInvite.objects.latest("pk").withdraw()
    assert client.post(withdrawn, ACCEPT).status_code == 410
    assert not Member.objects.filter(email="new@acme.example").exists()


def test_a_resent_invitation_ends_the_old_link(world: World, client: Client) -> None:
    first = link_of_invite(world)
    client.force_login(world.admin)
    client.post(f"/members/invites/{MemberInvite.objects.get().pk}/resend/")
    second = next(
        line for line in Delivery.objects.latest("pk").text.splitlines() if "/invited/" in line
    )
    fresh = Client()
    assert fresh.get(first).status_code == 410
    assert fresh.get(second.removeprefix(settings.PUBLIC_URL)).status_code == 200


def test_nothing_is_posted_without_the_token_of_the_form(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.admin)
    role = Role.objects.get(member=world.agent)
    answers = [
        client.post("/account/login/", {"login": world.admin.email, "password": PASSWORD}),
        client.post(f"/members/roles/{role.pk}/revoke/"),
        client.post("/keys/", {"name": "A", "scopes": "encounters:write"}),
        client.post("/language/", {"language": "fi"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert Role.objects.filter(pk=role.pk).exists()


def test_cookies_stay_with_us(world: World, client: Client) -> None:
    client.get("/account/login/")
    sign_in(client, world.agent)
    session, csrf = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert (session["httponly"], session["samesite"], csrf["samesite"]) == (True, "Lax", "Lax")


def test_cookies_are_secure_behind_https() -> None:
    import os
    import subprocess
    import sys

    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0)"
    )
    environment = {
        **os.environ,
        "KOKEMUS_PUBLIC_URL": "https://kokemus.example",
        "DJANGO_SETTINGS_MODULE": "kokemus.server.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert done.stdout == "True True True\n", done.stderr


def test_a_demo_is_entered_by_choosing_who_to_be(world: World, client: Client) -> None:
    page = client.get("/account/login/").content.decode()
    assert world.agent.name not in page
    assert client.post("/account/demo/", {"member": world.agent.pk}).status_code == 404
    world.organisation.show_as_demo(reply_hours=24)
    page = client.get("/account/login/").content.decode()
    assert world.agent.name in page
    assert client.post("/account/demo/", {"member": world.agent.pk}).status_code == 302
    assert signed_in(client)


def test_a_demo_opens_no_other_organisation(
    world: World, other_world: World, client: Client
) -> None:
    world.organisation.show_as_demo(reply_hours=24)
    assert f'value="{other_world.agent.pk}"' not in client.get("/account/login/").content.decode()
    assert client.post("/account/demo/", {"member": other_world.agent.pk}).status_code == 404
