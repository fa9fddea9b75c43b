"""Drawing the journey."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.world import World

from kokemus.store.models import Journey, Touchpoint


def test_a_journey_is_drawn_from_lines(world: World, client: Client) -> None:
    client.force_login(world.admin)
    client.post("/journeys/new/", {"name": "Repair", "stages": "Calls\n\n Visit \nBill"})
    journey = Journey.objects.get(name="Repair")
    assert [stage.name for stage in journey.stages.all()] == ["Calls", "Visit", "Bill"]


def test_a_touchpoint_is_added_only_to_units_one_leads(world: World, client: Client) -> None:
    client.force_login(world.lead)
    stage = world.journey.stages.all()[0]
    new = {"name": "Call", "mode": "human", "stage": stage.pk, "code": "call"}
    client.post(f"/journeys/{world.journey.pk}/touchpoints/new/", new | {"unit": world.billing.pk})
    assert not Touchpoint.objects.filter(code="call").exists()
    client.post(f"/journeys/{world.journey.pk}/touchpoints/new/", new | {"unit": world.service.pk})
    assert Touchpoint.objects.get(code="call").unit == world.service


def test_a_code_is_used_once(world: World, client: Client) -> None:
    client.force_login(world.lead)
    stage = world.journey.stages.all()[0]
    new = {"name": "X", "mode": "human", "stage": stage.pk, "unit": world.service.pk}
    answer = client.post(f"/journeys/{world.journey.pk}/touchpoints/new/", new | {"code": "visit"})
    assert "Another touchpoint has this code." in answer.content.decode()


def test_a_new_touchpoint_offers_no_empty_choices(world: World, client: Client) -> None:
    client.force_login(world.lead)
    page = client.get(f"/journeys/{world.journey.pk}/touchpoints/new/").content.decode()
    modes = re.findall(r'name="mode" value="(\w*)"', page)
    assert modes == ["human", "digital", "physical"]
    assert '<option value=""' in page  # of the stage; the only unit is chosen already
    assert page.count('<option value=""') == 1


def test_other_units_touchpoints_are_counted_not_shown(world: World, client: Client) -> None:
    stage = world.journey.stages.all()[0]
    Touchpoint.objects.place(stage, unit=world.billing, name="Secret", mode="digital", code="bill")
    client.force_login(world.viewer)
    page = client.get("/journeys/").content.decode()
    assert "Secret" not in page
    assert "1 touchpoint of other units" in page


def test_journeys_page_costs_the_same_for_many(world: World, client: Client) -> None:
    client.force_login(world.admin)
    with CaptureQueriesContext(connection) as few:
        client.get("/journeys/")
    stage = world.journey.stages.all()[0]
    for n in range(30):
        Touchpoint.objects.place(
            stage, unit=world.service, name=f"T{n}", mode="human", code=f"t{n}"
        )
    with CaptureQueriesContext(connection) as many:
        assert "T29" in client.get("/journeys/").content.decode()
    assert len(few) == len(many)
