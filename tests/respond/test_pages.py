"""The pages: who sees and does what, in words, and as fast with thirty rows as with one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.world import World

from kokemus.respond.case_story import midnight
from kokemus.respond.triage import triage_responses
from kokemus.store.models import AuditEntry, Case, Contact, Delivery, Encounter, Member


def open_cases(world: World, count: int = 1, **values: Any) -> list[Case]:
    known = set(Case.objects.values_list("pk", flat=True))
    for _ in range(count):
        world.respond(2, **{"comment": "The machine leaks.", **values})
    triage_responses(now=timezone.now())
    return list(Case.objects.exclude(pk__in=known).order_by("pk"))


def sign_in(client: Client, member: Member) -> Client:
    client.force_login(member)
    return client


def test_today_lists_by_due_time_in_sections(client: Client, world: World) -> None:
    late, soon, later = open_cases(world, 3)
    now = timezone.now()
    for case, hours in ((late, -3), (soon, 1), (later, 30)):
        Case.objects.filter(pk=case.pk).update(due_at=now + dt.timedelta(hours=hours))
    page = sign_in(client, world.agent).get("/today/")
    sections = [(s.code, [row.case for row in s.rows]) for s in page.context["today"].sections]
    assert sections == [("overdue", [late]), ("soon", [soon]), ("later", [later])]
    assert "3 customers are waiting." in page.text
    assert "1 is overdue." in page.text


def test_an_empty_today_says_so(client: Client, world: World) -> None:
    page = sign_in(client, world.agent).get("/today/")
    assert "All is taken care of" in page.text
    assert "Nothing fits these filters" in client.get("/today/?show=mine").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", {1, 2, 3}), ("?show=mine", {1}), ("?show=free", {2, 3}), ("?show=overdue", {2})],
)
def test_filters_are_in_the_address(
    client: Client, world: World, query: str, expected: set[int]
) -> None:
    first, second, _ = open_cases(world, 3)
    first.take(world.agent, at=timezone.now())
    past = timezone.now() - dt.timedelta(hours=1)
    Case.objects.filter(pk=second.pk).update(due_at=past)
    page = sign_in(client, world.agent).get(f"/today/{query}")
    rows = [row for section in page.context["today"].sections for row in section.rows]
    assert {row.case.number for row in rows} == expected


def test_today_holds_only_what_is_in_reach(
    client: Client, world: World, other_world: World
) -> None:
    (mine,) = open_cases(world)
    open_cases(world, unit=world.billing, comment="Billing secret")
    open_cases(other_world, comment="Other secret")
    page = sign_in(client, world.agent).get("/today/")
    assert page.context["today"].counts.unresolved == 1
    assert f'href="/cases/{mine.number}/"' in page.text
    assert "secret" not in page.text


@pytest.mark.parametrize("path", ["/today/", "/deliveries/", "/rules/"])
def test_pages_take_as_many_queries_for_thirty_rows(
    client: Client, world: World, path: str
) -> None:
    from kokemus.store.models import TriageRule

    sign_in(client, world.lead)
    open_cases(world)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    open_cases(world, 29)
    for number in range(29):
        TriageRule.objects.lay_down(world.service, name=f"Rule {number}", words=["x"])
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(one)


def test_a_long_story_takes_no_more_queries(client: Client, world: World) -> None:
    (case,) = open_cases(world)
    sign_in(client, world.lead).get("/cases/1/")
    with CaptureQueriesContext(connection) as short:
        client.get("/cases/1/")
    for _ in range(15):
        case.write_note(world.agent, text="Called", at=timezone.now())
    with CaptureQueriesContext(connection) as long:
        client.get("/cases/1/")
    assert len(long) == len(short)


def test_one_takes_a_case_with_a_click_and_may_undo_it(client: Client, world: World) -> None:
    (case,) = open_cases(world)
    sign_in(client, world.agent)
    page = client.post("/cases/1/take/", {"next": "/today/?show=mine"}, follow=True)
    assert page.redirect_chain == [("/today/?show=mine", 302)]
    assert "Case 1 is yours." in page.text
    case.refresh_from_db()
    assert case.taken_by == world.agent
    undo = "/cases/1/put-back/?next=%2Ftoday%2F%3Fshow%3Dmine"
    assert undo in page.text
    client.post(undo)
    case.refresh_from_db()
    assert case.taken_by is None


def test_htmx_gets_the_list_with_the_message(client: Client, world: World) -> None:
    open_cases(world)
    headers = {"HX-Request": "true", "HX-Target": "today"}
    sign_in(client, world.agent)
    page = client.post("/cases/1/take/", {"next": "/today/"}, headers=headers, follow=True)
    assert "<html" not in page.text
    assert 'hx-swap-oob="true"' in page.text
    assert "Case 1 is yours." in page.text


def test_the_second_to_take_learns_who_was_first(client: Client, world: World) -> None:
    (case,) = open_cases(world)
    case.take(world.lead, at=timezone.now())
    page = sign_in(client, world.agent).post("/cases/1/take/", follow=True)
    case.refresh_from_db()
    assert case.taken_by == world.lead
    assert f"{world.lead.name} was first" in page.text


def test_a_colleague_who_is_seen_to_have_it_may_be_relieved(client: Client, world: World) -> None:
    (case,) = open_cases(world)
    case.take(world.lead, at=timezone.now())
    sign_in(client, world.agent).post("/cases/1/take/", {"instead_of": world.lead.pk})
    case.refresh_from_db()
    assert case.taken_by == world.agent


def test_nobody_is_sent_elsewhere_after_taking(client: Client, world: World) -> None:
    open_cases(world)
    page = sign_in(client, world.agent).post("/cases/1/take/", {"next": "//evil.example/"})
    assert page["Location"] == "/today/"


def meet_kaisa(world: World) -> Encounter:
    contact = Contact.objects.create(
        organisation=world.organisation,
        reference="c1",
        name="Kaisa Virta",
        email="k@v.example",
        phone="+358 40 000 1234",
    )
    return Encounter.objects.create(
        organisation=world.organisation,
        reference="e1",
        contact=contact,
        touchpoint=world.touchpoint,
        unit=world.service,
        mode="human",
        happened_at=timezone.now(),
        received_at=timezone.now(),
    )


def test_the_case_page_tells_the_whole_story(client: Client, world: World) -> None:
    encounter = meet_kaisa(world)
    encounter.parties.create(unit=world.partner, staff="S-77")
    open_cases(world, encounter=encounter, may_contact=True)
    page = sign_in(client, world.agent).get("/cases/1/")
    for words in ("The machine leaks.", "2/10", "Visit", "Kaisa Virta", "k@v.example", "Partner"):
        assert words in page.text
    assert "S-77" not in page.text


def test_who_the_customer_is_is_for_those_who_work_on_the_case(
    client: Client, world: World
) -> None:
    encounter = meet_kaisa(world)
    open_cases(world, encounter=encounter, may_contact=True)
    case = Case.objects.get()
    case.note_reply(world.agent, text="Sorry.", at=timezone.now(), to="k@v.example", delivery="x")
    answer = f"/responses/{case.response_id}/"
    for who, may_see in ((world.agent, True), (world.viewer, False)):
        seen = sign_in(client, who)
        for words in ("Kaisa Virta", "k@v.example", "000 1234"):
            assert (words in seen.get("/cases/1/").text) is may_see
        assert ("Kaisa Virta" in seen.get(answer).text) is may_see


def test_looking_at_an_answer_is_audited_once_a_day(client: Client, world: World) -> None:
    open_cases(world)
    sign_in(client, world.viewer)
    client.get("/cases/1/")
    client.get("/cases/1/")
    entries = AuditEntry.objects.filter(action="person_viewed")
    assert [(e.member, e.subject) for e in entries] == [(world.viewer, "case:1")]


def test_the_day_of_the_audit_is_the_organisations() -> None:
    evening = dt.datetime(2026, 3, 2, 21, 30, tzinfo=dt.UTC)  # half past eleven in Helsinki
    begun = [
        midnight(evening + dt.timedelta(hours=hours), time_zone="Europe/Helsinki").date().day
        for hours in (0, 1)
    ]
    assert begun == [2, 3]


def test_a_case_of_others_is_not_found(client: Client, world: World, other_world: World) -> None:
    open_cases(world, unit=world.billing)
    sign_in(client, world.agent)
    assert client.get("/cases/1/").status_code == 404
    assert client.post("/cases/1/take/").status_code == 404
    assert sign_in(client, other_world.admin).get("/cases/1/").status_code == 404


@pytest.mark.parametrize("who", ["viewer", "former"])
def test_those_who_may_only_read_are_told_so(client: Client, world: World, who: str) -> None:
    (case,) = open_cases(world)
    if who == "former":
        case.hand_off(
            world.agent, unit=world.billing, text="", due_at=timezone.now(), at=timezone.now()
        )
    member = world.viewer if who == "viewer" else world.agent
    sign_in(client, member)
    assert client.get("/cases/1/").status_code == 200
    take = client.post("/cases/1/take/")
    note = client.post("/cases/1/note/", {"note-text": "Do not lose me"})
    assert (take.status_code, note.status_code) == (403, 403)
    assert "Those who work there may act on it." in take.text
    assert "Do not lose me" in note.text
    assert not case.events.filter(kind__in=["taken", "note"]).exists()


def test_a_note_is_kept(client: Client, world: World) -> None:
    open_cases(world)
    sign_in(client, world.agent)
    page = client.post("/cases/1/note/", {"note-text": "Called, no answer"}, follow=True)
    assert "Called, no answer" in page.text
    empty = client.post("/cases/1/note/", {"note-text": " "})
    assert (empty.status_code, "This field is required" in empty.text) == (422, True)


def test_a_reply_leaves_by_mail_in_the_customers_language(client: Client, world: World) -> None:
    open_cases(world, may_contact=True, reply_to="kaisa@virta.example", language="fi")
    form = {"reply-text": "Tulemme huomenna.", "reply-token": "t1"}
    sign_in(client, world.agent)
    client.post("/cases/1/reply/", form)
    page = client.post("/cases/1/reply/", form, follow=True)
    sent = Delivery.objects.get(recipient="kaisa@virta.example")
    assert sent.subject.startswith("Palautteesi: Acme")
    assert sent.text.startswith("Tulemme huomenna.\n")
    assert "> The machine leaks." in sent.text
    assert sent.reply_to == world.agent.email
    assert page.text.count('<p class="comment">Tulemme huomenna.</p>') == 1
    assert "On its way" in page.text
    assert Case.objects.get().taken_by == world.agent


def test_a_customer_who_did_not_ask_is_not_written_to(client: Client, world: World) -> None:
    open_cases(world, may_contact=False, reply_to="kaisa@virta.example")
    sign_in(client, world.agent)
    assert "has not asked to be contacted" in client.get("/cases/1/").text
    page = client.post("/cases/1/reply/", {"reply-text": "Hi", "reply-token": "t1"})
    assert page.status_code == 409
    assert not Delivery.objects.filter(recipient="kaisa@virta.example").exists()


def test_a_case_is_handed_to_a_partner_with_its_own_clock(client: Client, world: World) -> None:
    (case,) = open_cases(world)
    form = {"hand-unit": world.partner.pk, "hand-hours": 8, "hand-text": "Please fix the hose"}
    page = sign_in(client, world.agent).post("/cases/1/hand-off/", form, follow=True)
    case.refresh_from_db()
    legs = list(case.legs.all())
    assert [leg.unit for leg in legs] == [world.service, world.partner]
    assert legs[1].due_at - legs[1].started_at == dt.timedelta(hours=8)
    alert = Delivery.objects.get(recipient=world.partner_agent.email)
    assert "Please fix the hose" in alert.text
    assert alert.reply_to == world.agent.email
    assert "Service → Partner" in page.text


def test_a_case_cannot_be_handed_to_another_organisation(
    client: Client, world: World, other_world: World
) -> None:
    open_cases(world)
    form = {"hand-unit": other_world.partner.pk, "hand-hours": 8, "hand-text": "x"}
    assert sign_in(client, world.agent).post("/cases/1/hand-off/", form).status_code == 422


def test_a_case_is_resolved_with_its_cause_and_reopened(client: Client, world: World) -> None:
    (case,) = open_cases(world)
    due_at = case.due_at
    sign_in(client, world.agent)
    form = {"resolve-cause": "promise", "resolve-text": "Fixed the hose"}
    page = client.post("/cases/1/resolve/", form, follow=True)
    assert "Case 1 is resolved." in page.text
    assert "A promise not kept" in page.text
    case.refresh_from_db()
    assert case.cause == "promise"
    client.post("/cases/1/reopen/")
    case.refresh_from_db()
    assert (case.resolved_at, case.due_at) == (None, due_at)


def test_what_was_written_is_kept_when_somebody_was_first(client: Client, world: World) -> None:
    (case,) = open_cases(world)
    case.resolve(world.lead, cause="mistake", text="", at=timezone.now())
    form = {"resolve-cause": "promise", "resolve-text": "My long story"}
    page = sign_in(client, world.agent).post("/cases/1/resolve/", form)
    assert page.status_code == 409
    assert "was resolved meanwhile" in page.text
    assert "My long story" in page.text


def test_dead_mail_is_tried_again_by_a_button(client: Client, world: World) -> None:
    open_cases(world)
    Delivery.objects.update(state="dead", last_error="unreachable: no route")
    first = Delivery.objects.earliest("pk")
    page = sign_in(client, world.agent).get("/deliveries/")
    assert "The mail server could not be reached." in page.text
    client.post(f"/deliveries/{first.pk}/retry/")
    first.refresh_from_db()
    assert first.state == "waiting"
    client.post("/deliveries/retry/")
    assert not Delivery.objects.dead().exists()


def test_deliveries_have_walls(client: Client, world: World, other_world: World) -> None:
    open_cases(world)
    open_cases(other_world)
    Delivery.objects.update(state="dead")
    delivery = Delivery.objects.filter(organisation=world.organisation).earliest("pk")
    for member, count in ((world.partner_agent, 0), (world.admin, 2), (world.viewer, 2)):
        page = sign_in(client, member).get("/deliveries/")
        assert len(page.context["page"].object_list) == count
    sign_in(client, world.partner_agent)
    assert client.post(f"/deliveries/{delivery.pk}/retry/").status_code == 404
    client.post("/deliveries/retry/")
    delivery.refresh_from_db()
    assert delivery.state == "dead"


def test_pages_say_that_no_mail_server_is_set(client: Client, world: World, settings: Any) -> None:
    settings.IS_MAIL_CONFIGURED = False
    assert "No mail server is set" in sign_in(client, world.agent).get("/today/").text
    settings.IS_MAIL_CONFIGURED = True
    assert "No mail server is set" not in client.get("/today/").text


def test_pages_are_finnish_for_a_finn(client: Client, world: World) -> None:
    open_cases(world)
    world.agent.rename(name="Aino", language="fi")
    assert "1 asiakas odottaa." in sign_in(client, world.agent).get("/today/").text
