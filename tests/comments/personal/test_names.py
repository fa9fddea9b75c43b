"""Names in inflected forms; words and places that only look like names stay."""

from __future__ import annotations

import pytest

from kokemus.comments.personal import find_personal_data, redact


def hidden(text: str, *, language: str = "fi", names: tuple[str, ...] = ()) -> str:
    spans = find_personal_data(text, language=language, names=names)
    assert {kind for _, _, kind in spans} <= {"name"}
    return redact(text, spans, language="en")


@pytest.mark.parametrize(
    "text",
    [
        *("Kiitos @Virtaselle@ avusta", "@Heikin@ asenne oli huono", "Soitin @Mikolle@ eilen"),
        *("@Sarille@ kiitos", "Myyjä @Lahtisen Matti@ auttoi", "@Anna-Liisa Mäkiselle@ kiitos"),
        *("kiitokset @pekalle@", "terveisin @Matti Meikäläinen@", "mvh @erik@", "t. @liisa@"),
        *("Terv. @Kai@", "Hyvää palvelua. @Marja@", "@M. Virtanen@ vastasi", "@Pekka V.@ auttoi"),
        *("Rouva @Lindströmin@ lasku", "Nimeni on @Zhang Wei@", "KIITOS @PEKALLE@"),
        *("Tack @My@ för hjälpen", "@Bo@ hjälpte mig", "@Eriks@ bemötande var bra"),
        *("Thanks @Will@", "@Mark@ was rude", "I spoke to @John Smith@", "@John@'s attitude"),
        *("@Onni@ auttoi minua", "Kiitos @Ilonalle@", "@Toivo Virtanen@ palveli", "Myyjä @Lahja@"),
        *("13:05 @Jesper@:Det är fel", "Kundtjänst: @Åsa Lindqvist@ svarade", "hälsningar @Maj@"),
        *("@Nina@-niminen myyjä", "@Elisa Virtanen@ auttoi", "@Anna@ oli ystävällinen"),
    ],
)
def test_a_name_is_hidden_in_any_form(text: str) -> None:
    before, name, after = text.split("@")
    assert hidden(before + name + after) == f"{before}[name]{after}"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Onni oli että pääsin ajoissa",
            "Lahja oli hieno",
            "Toivon parempaa",
            "Ilona oli illalla",
        ),
        *("Annan kympin", "Marjat olivat tuoreita", "Kävin Salossa ja Lahdessa", "Kai se riittää"),
        *("Elisa laskutti väärin", "Posti hukkasi paketin", "Prismassa oli jono", "Kela ei vastaa"),
        *("Inga problem", "My order is late", "Will you call me", "Mark my words", "May was great"),
        *("Grace period ended", "The Bill was wrong", "Per telefon gick det bra", "Alla var bra"),
        *("food in Las Vegas", "Onko näin? - Niin.", "Har ni öppet på Kristi himmelsfärd?"),
        *("HUONO PALVELU", "Tosi Hyvä Palvelu Kiitos Paljon", "ISO jono", "Helsinki on kaunis"),
    ],
)
def test_a_word_or_a_place_stays(text: str) -> None:
    assert hidden(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("asentaja @minna@ oli tosi asiallinen", "sähkömies @sari@ tuli ajoissa"),
        *("@teemu@ on aivan ihana", "@heikki@ ansaitsee erityiskiitoksen", "kiitti @mikalle@"),
        *(
            "äiti odottaa aina @antin@ käyntejä",
            "kiva nähdä @minnaa@",
            "kuski @onni@ oli kohtelias",
        ),
        *("siivooja @armas@ oli mukava", "eilen @minna virtanen@ auttoi", "@Villellä@ oli kiire"),
        *(
            "montören @mats@ kom i tid",
            "tack till @carita@",
            "hälsa @linnéa@!",
            "@pia@ är underbar",
        ),
        *("she looks forward to seeing @antti@", "big thanks to @teemu@", "driver @john@ was late"),
        *("the technician @joni@ was rly helpful", "the cleaner @mark@ was polite"),
    ],
)
def test_a_name_written_small_is_hidden_where_it_is_told_to_be_one(text: str) -> None:
    before, name, after = text.split("@")
    assert hidden(before + name + after) == f"{before}[name]{after}"


@pytest.mark.parametrize(
    "text",
    [
        *("asentaja toivoi parempaa", "siivooja toi rauhan", "hoitajan ilo oli aito"),
        *("asentaja toivo kertoi", "onni oli että pääsin", "sauna oli ihana", "satu on hieno"),
        *("chauffören som var trevlig", "montören han var trevlig", "på sten var det halt"),
        *("the driver may be late", "my order was great", "world class service", "neat and nice"),
        *(
            "Ville bara tacka",
            "Alla var trevliga",
            "De var vänliga",
            "Montören kom. Han var vänlig.",
        ),
        *("Mies oli ystävällinen", "a sales person. The prices were fine", "Sauna oli ihana"),
        *("He muistavat meidät nimeltä. Sovitut asiat pitävät.", "Vi förtjänar ett tack"),
    ],
)
def test_a_small_word_that_is_hardly_a_name_stays(text: str) -> None:
    assert hidden(text) == text


STAFF = ("Kaisu-Maaria Wxyzström", "Onni Aalto", "Brannagh O'Dxor")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wxyzströmille terveisiä", "[name] terveisiä"),
        ("kaisu-maarian lasku", "[name] lasku"),
        ("KAISU-MAARIA", "[name]"),
        ("kysyin aallolta ja brannaghilta", "kysyin [name] ja [name]"),
        ("kysyin Onnilta", "kysyin [name]"),
        ("Onni hoiti", "[name] hoiti"),
        ("onni aalto hoiti", "[name] hoiti"),
        ("o'dxorin asia", "[name] asia"),
    ],
)
def test_names_given_are_hidden_in_lower_case_too(text: str, expected: str) -> None:
    assert hidden(text, names=STAFF) == expected


def test_a_name_given_that_is_a_word_stays_where_it_is_written_as_one() -> None:
    assert hidden("onni oli lähellä", names=STAFF) == "onni oli lähellä"
