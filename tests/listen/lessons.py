"""What themes are taught with in these tests, and the reading of everything that waits."""

from __future__ import annotations

import datetime as dt

from tests.world import NOW

from kokemus.listen.comments import read_fresh_comments, read_past_comments
from kokemus.listen.readers import Readers

LATER = NOW + dt.timedelta(minutes=5)
PARKED = (
    "Parkkipaikka oli täynnä autoja",
    "Autolle ei löytynyt parkkipaikkaa",
    "Parkkihalli on liian ahdas autolle",
    "Pysäköinti maksaa liikaa ja autot tukkivat pihan",
    "Parkkipaikkoja on liian vähän",
    "Auton pysäköinti pihalle oli vaikeaa",
)
ELSE = (
    "Kiitos hyvästä palvelusta",
    "Lasku oli väärin",
    "Sovellus kaatui kesken tilauksen",
    "Myyjä neuvoi hienosti",
    "Jonotin tunnin puhelimessa",
    "Paketti tuli rikki perille",
)


def read_all() -> int:
    readers = Readers()
    fresh = read_fresh_comments(readers, now=LATER)
    return fresh + read_past_comments(readers, now=LATER)
