"""Streets with a number, in three languages, and postal codes with a town."""

from __future__ import annotations

import pytest

from kokemus.comments.personal import find_personal_data


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Asun Mannerheimintiellä 12.", "Mannerheimintiellä 12"),
        ("Osoite on Hämeenkatu 5 B 12, 33100 Tampere", "Hämeenkatu 5 B 12, 33100 Tampere"),
        ("Iso Roobertinkatu 12 b 4 oli väärä", "Iso Roobertinkatu 12 b 4"),
        ("lähetti jäi mannerheimintie 12 eteen", "mannerheimintie 12"),
        ("Koivupolku 3, 00100 Helsinki", "Koivupolku 3, 00100 Helsinki"),
        ("Jag bor på Storgatan 5 i Vasa", "Storgatan 5"),
        ("Kungsvägen 12 B, 00100 Helsingfors", "Kungsvägen 12 B, 00100 Helsingfors"),
        ("Ängsgränd 7 hittades inte", "Ängsgränd 7"),
        ("I live at 221B Baker Street", "221B Baker Street"),
        ("Postia tuli 00100 Helsinkiin", "00100 Helsinkiin"),
    ],
)
def test_an_address_is_found_whole(text: str, address: str) -> None:
    spans = find_personal_data(text)
    assert [(text[start:end], kind) for start, end, kind in spans] == [(address, "address")]


@pytest.mark.parametrize(
    "text",
    [
        "Hämeenkadulla 5 minuuttia jonossa",
        "valtatie 4 oli tukossa",
        "korttien 2 puolta",
        "Traktori 2 ei käynnisty",
        "Kauppakadulla oli ruuhkaa",
        "Tilaus 12345 Asiakkaalle",
        "på vägen 5 gånger",
    ],
)
def test_a_street_without_a_house_is_no_address(text: str) -> None:
    assert find_personal_data(text) == []
