"""Make the weights by which names are recognised: `make train-names DATA=folder`.

Reads from the folder

* ``names/miehet_counts.csv``, ``naiset_counts.csv``, ``sukunimet_counts.csv``: first names and
  surnames with counts, and ``etunimet_*_dvv.txt``: rare first names (Digital and Population Data
  Services Agency, CC BY 4.0);
* ``names/paikat_yso_cc0.txt``: places (YSO, CC0);
* sentences in which words are seen in lower case, to tell names that are also words: FinnSentiment,
  XED, ABSAbank-Imm and Sentiment Labelled Sentences (all CC BY 4.0).

Swedish and English names come from the faker package (MIT). Writes hashes only. The same data and
the same version of faker give the same files, bit for bit.
"""

from __future__ import annotations

import csv
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import numpy as np

from kokemus.comments.personal.inflection import base_forms
from kokemus.comments.personal.name_weights import LEVEL_MAX, hash_of, pack

WEIGHTS = Path(__file__).parent.parent / "src/kokemus/comments/weights"
SENTENCES = (
    "finnsent_dev_splits1-16.tsv",
    "xed_fi.tsv",
    "xed_sv_projected.tsv",
    "absabank_imm_sv.tsv",
    "yelp_sentences_en.tsv",
)
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
AFTER_A_WORD = re.compile(r"[a-zåäö,] $")
FAKER_BEARERS = {"sv_SE": 800, "en_US": 400, "en_GB": 400}
RARE_BEARERS = 5
BEARERS_A_SMALL_LETTER = 20_000
COMMON_BEARERS = 1_000
SEEN_OFTEN = 5

# Words that the sentences lack and that are names too; none is a name of a person by itself.
FURTHER_WORDS = re.findall(
    r"\S+",
    """
sisko marja pilvi sisu sampo silja elisa posti kassa helmi kukka veikka tuomi taru rauha kaino
lahja toivo ilona ilo sade vilja aina oma tuttu mainio kesä talvi syksy kevät loma palvelu asiakas
kauppa myyjä kone nokia prisma alko tokmanni hesburger sokos stockmann anttila pohjola tapiola turva
aktia wolt oura fazer iittala arabia atria valio fortum nordea klarna ikea telia tele sonera
saunalahti gigantti power lidl finnair tallink viking eckerö matkahuolto postnord schenker elmo
tori kela kanta vero vr apple google samsung huawei sony iphone android windows facebook instagram
netflix spotify zalando amazon ebay paypal visa mastercard volvo toyota ford opel skoda citroen
tammikuu helmikuu maanantai tiistai torstai joulu pääsiäinen juhannus suomi ruotsi viro
will mark may grace june april august hope joy faith rose lily ruby amber bill rich jack drew pat
sue art dean chase grant hunter mason carter cook baker young long price best white brown black
green king little short small good day days love rice park parks street wood woods stone field
fields hill hills banks bank lane church bell ball bond bird fish fox wolf lamb lyon major sharp
strong wise swift noble savage moody frank penny dolly candy ginger jasmine olive daisy iris ivy
holly hazel autumn summer winter sunny destiny harmony melody crystal christian angel precious
miles guy bob don ray rob robin chance cash ace max art earnest true story sky skye page case star
my bo siv mer stig inga alla sten björn dag liv saga tage maj åke linn per hans ville vill bra tack
ingen mycket snabb snäll glad klok frisk lång ung vacker nöjd duktig berg dal ström sjö skog lund
äng gran ek ask lind alm björk rask modig trygg stark klar ros blomma sol måne stjärna storm frost
sommar vinter vår höst fredag måndag tisdag onsdag torsdag lördag söndag polis kung kock smed
cross love fair case booth gates house glass ward waters west north south east wells
way walker walk wall turner taylor tyler thomas jordan paris london france england ireland
kristi himmel sankt santa san saint lady lord sir madam
hall miller potter porter palmer parker mann mill mills hardy hood rush bush reed read rowe ross
knight bishop pope abbott prince duke earl marshall sheriff ranger trainer weaver singer
fisher farmer gardner shepherd butler driver carpenter mechanic doctor nurse service
""",
)
# Towns that the list of places lacks: Swedish names in Finland, of Sweden, of the world.
FURTHER_PLACES = re.findall(
    r"\S+",
    """
helsingfors esbo vanda grankulla åbo tammerfors uleåborg björneborg vasa lahtis villmanstrand
borgå lovisa hangö ekenäs raseborg karis ingå sjundeå kyrkslätt sibbo tusby träskända kervo hyvinge
tavastehus raumo nystad reso lundo pargas kimito jakobstad karleby nykarleby kristinestad närpes
korsholm malax mariehamn jyväskylä kuopio joensuu sankt-michel nyslott kouvola fredrikshamn kotka
stockholm göteborg malmö uppsala västerås örebro linköping helsingborg jönköping norrköping lund
umeå gävle borås södertälje eskilstuna halmstad växjö karlstad sundsvall östersund trollhättan
luleå kalmar falun skövde kristianstad karlskrona uddevalla visby nyköping solna sundbyberg nacka
huddinge täby lidingö kista haparanda kiruna skellefteå piteå
vegas york paris london berlin madrid roma rom oslo köpenhamn sydney dublin boston chicago miami
florida texas hollywood francisco angeles barcelona tallinna tallinn riga
""",
)
# What is left out of the words above although sentences show it in lower case: sure names.
NAMES_NOT_WORDS = frozenset({"thomas", "taylor", "tyler", "walker", "jordan", "robin", "frank"})


def main(data: Path) -> None:
    """Write both files of weights."""
    names = sorted(_all_names(data / "names").items())
    packed = [
        pack(name, first=first, last=last, is_place=is_place)
        for name, (first, last, is_place) in names
    ]
    WEIGHTS.mkdir(exist_ok=True)
    np.save(WEIGHTS / "names.npy", np.array(sorted(packed), dtype="<u8"))
    words = _words_that_look_like_names(data, dict(names))
    hashes = sorted({hash_of(word) for word in words})
    np.save(WEIGHTS / "names_words.npy", np.array(hashes, dtype="<u8"))
    print(f"{len(packed)} names, {len(hashes)} words that look like names")


def _all_names(folder: Path) -> dict[str, tuple[int, int, bool]]:
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for name in ("miehet_counts.csv", "naiset_counts.csv"):
        first.update(dict(_counted(folder / name)))
    last.update(dict(_counted(folder / "sukunimet_counts.csv")))
    for path in sorted(folder.glob("etunimet_*_dvv.txt")):
        for name in path.read_text("utf-8").split():
            first[name.lower()] = max(first[name.lower()], RARE_BEARERS)
    for locale, bearers in FAKER_BEARERS.items():
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for name in _faker_names(provider, "first_names"):
            first[name] = max(first[name], bearers)
        for name in _faker_names(provider, "last_names"):
            last[name] = max(last[name], bearers)
    places = {*_places(folder / "paikat_yso_cc0.txt"), *FURTHER_PLACES}
    return {
        name: (_level(first[name]), _level(last[name]), name in places)
        for name in first.keys() | last.keys() | places
        if len(name) > 1
    }


def _counted(path: Path) -> Iterator[tuple[str, int]]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in list(csv.reader(stream))[1:]:
            if len(row) > 1:
                yield row[0].strip().lower(), int(re.sub(r"\D", "", row[1]))


def _faker_names(provider: type, kind: str) -> Iterator[str]:
    for attribute in sorted(vars(provider)):
        if attribute.startswith(kind):
            for name in getattr(provider, attribute):
                yield from name.lower().split()


def _places(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#") and " " not in (place := line.split(" (")[0].strip()):
            yield place.lower()


def _level(count: int) -> int:
    return min(LEVEL_MAX, int(math.log2(count))) if count > 1 else 0


def _words_that_look_like_names(
    data: Path, names: dict[str, tuple[int, int, bool]]
) -> Iterable[str]:
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for path in SENTENCES:
        for line in (data / path).read_text("utf-8").splitlines():
            for match in WORD.finditer(line):
                word = match.group()
                if word.islower():
                    small[word] += 1
                elif word[1:].islower() and AFTER_A_WORD.search(line[: match.start()]):
                    capital[word.lower()] += 1
    seen = {word for word in small if _is_rather_a_word(word, names, small, capital)}
    return (seen | set(FURTHER_WORDS)) - NAMES_NOT_WORDS


def _is_rather_a_word(
    word: str,
    names: dict[str, tuple[int, int, bool]],
    small: Counter[str],
    capital: Counter[str],
) -> bool:
    if small[word] >= SEEN_OFTEN and small[word] > 2 * capital[word]:
        return True
    levels = [max(names[base][:2]) for base in base_forms(word) if base in names]
    if not levels or not (level := max(levels)):
        return False
    bearers = 2**level
    seen_min = 1 if bearers < COMMON_BEARERS else 2
    by_chance = capital[word] / 2 + bearers / BEARERS_A_SMALL_LETTER
    return small[word] >= seen_min and small[word] > by_chance


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("Say where the data is: make train-names DATA=folder")
    main(Path(sys.argv[1]))
