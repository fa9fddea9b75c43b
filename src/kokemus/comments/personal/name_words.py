"""Words around a name that tell it is one, in three languages, and names that are brands too."""

from __future__ import annotations

import re
from functools import lru_cache

_SIGNATURE = re.compile(
    r"terv(?:eisin|\.)?|yst(?:\.|äväll\w+) ?terv\w*\.?|kunnioittaen|t[:.,]|nimim\w*|"
    r"mvh|vänlig\w* hälsning\w*|hälsning(?:ar|en)|hälsar|(?:kind |best |warm )?regards|sincerely|"
    r"yours truly|br|cheers|sign\.|yst\. ?t\."
)
_TITLE = re.compile(
    r"(?:herra\w*|rouva\w*|neiti|hra|rva|mrs?|ms|miss|herr|fru|fröken|dr|tri)\.?"
    r"|(?:nimeni|nimi) o(?:n|li)|nimeltään|nimeltä|nimisen?|nimeä|olen nimeltäni|"
    r"name (?:is|was)|named|called|heter|hette|namnet (?:är|var)|vid namn|namn var"
)
_OCCUPATION = re.compile(
    r"asiakaspalvel\w*|asiakasneuvoj\w*|\w*myyj\w*|neuvoj\w*|\w*asentaj\w*|kuljettaj\w*|kuski\w*|"
    r"kassa(?:lla|n)?|kassanhoitaj\w*|kassahenkil\w*|tarjoilij\w*|\w*lääkäri\w*|\w*hoitaj\w*|"
    r"\w*opettaj\w*|\w*esimie\w*|\w*päällik(?:ö|kö)\w*|\w*johtaj\w*|kolleg\w*|työntekij\w*|"
    r"tohtori\w*|\w*virkailij\w*|\w*huoltomie\w*|kampaaj\w*|edustaj\w*|henkilö|insinööri\w*|"
    r"\w*siivooj\w*|siistij\w*|sähkömie\w*|putkimie\w*|remonttimie\w*|\w*ohjaaj\w*|"
    r"terapeut\w*|suunnittelij\w*|hieroj\w*|asiantuntij\w*|kouluttaj\w*|lähetti|mekaanik\w*|tyyppi|"
    r"handlägg\w*|säljare\w*|\w*medarbetare\w*|kundtjänst\w*|\w*läkare\w*|\w*sköterska\w*|"
    r"\w*skötare\w*|chaufför\w*|montör\w*|rådgivare\w*|servitris\w*|servitör\w*|lärare\w*|"
    r"elektriker\w*|\w*städare\w*|städersk\w*|\w*vårdare\w*|rörmokare\w*|\w*samordnare\w*|"
    r"installatör\w*|kurir\w*|hantverkare\w*|\w*chef\w*|kollega\w*|expedit\w*|tekniker\w*|kille\w*|tjej\w*|"
    r"agents?|sales(?:person|man|woman)|assistant|representative|rep|driver|nurse|doctor|"
    r"waiter|waitress|cashier|technician|manager|clerk|advisor|adviser|teacher|colleague|"
    r"electrician|cleaner|carer|caregiver|installer|engineer|coordinator|courier|fitter|handyman|"
    r"repairman|mechanic|receptionist|plumber|guy|lady|person|staff member"
)
_DETERMINER = re.compile(
    r"the|an?|my|your|our|this|that|no|any|en|ett|den|det|min|din|vår|in|since|until|on"
)
_THANKS = re.compile(
    r"kiito\w*|tack\w*|thank\w*|thanks to|hei|moi|terve|hej|hi|hello|dear|kehu\w*|"
    r"terkut|terveis\w*|ruusuja|props to|till|by|with|asked|met|and|ja|och|av|hos"
)
_KINDS_OF_CUE = (
    ("sure", _SIGNATURE),
    ("sure", _TITLE),
    ("occupation", _OCCUPATION),
    ("determiner", _DETERMINER),
    ("thanks", _THANKS),
)
_WORDS_OF_CUE_MAX = 3


def cue_of(before: str) -> str:
    """What the words before a name tell: "sure" that it is one, also when no register knows it;
    "occupation" (what people do) and "thanks" that it may be; "determiner" that it is a word.
    """
    return _cue_of_words(tuple(before.lower().split()[-_WORDS_OF_CUE_MAX:]))


@lru_cache(maxsize=16_384)
def _cue_of_words(words: tuple[str, ...]) -> str:
    for first in range(len(words)):
        phrase = " ".join(words[first:])
        for written in (phrase, phrase.rstrip(",:")):
            for kind, pattern in _KINDS_OF_CUE:
                if pattern.fullmatch(written):
                    return kind
        if _SIGNATURE.fullmatch(phrase.rstrip(",:.")):
            return "sure"
    if words and words[-1] == "t" and (len(words) == 1 or words[-2][-1] in ".!?,"):
        return "sure"
    return ""


PERSON_VERB = re.compile(
    r"[ ,]{0,2}\s?(?:(?:ja|och|and) \w+ )?(?:auttoi|palveli|neuvoi|vastasi|"
    r"hoiti|kertoi|osasi|lupasi|selitti|soitti|kuunteli|hymyili|ohjasi|korjasi|opasti|etsi|löysi|kysyi|sanoi|väitti|ymmärsi|jaksoi|"
    r"palauttaa|asiakaspalvelusta|kassalta|myynnistä|huollosta|"
    r"hjälpte|svarade|lovade|förklarade|ringde|lyssnade|sa\b|sade|visade|tog hand|fixade|"
    r"helped|served|explained|told|answered|promised|listened|called|said|was so|was very|"
    r"was really|from (?:customer|support|sales|the)|(?:i|på|vid) kassan|från kundtjänst)",
    re.IGNORECASE,
)
SURELY_A_PERSON = re.compile(
    r"-nimi|\s(?:oli|on|var|är|was|is) (?:(?:tosi|todella|erittäin|hyvin|niin|very|really|so|"
    r"extremely|jätte\w*|väldigt|mycket|så) ?)?(?:ystävälli|avulia|töyke|tyly|kohtelia|epäkohtelia|"
    r"asiantunte|ammattitai|kärsivälli|vänlig|trevlig|otrevlig|hjälpsam|kunnig|rude|friendly|helpful|polite|"
    r"impolite|patient|professional|knowledgeable|unhelpful)|\s(?:auttoi|palveli|hjälpte|helped)\b"
    r"|\s(?:kanssa|asenn?e)\b",
    re.IGNORECASE,
)
DESERVES = re.compile(
    r"\s(?:ansaitsee|förtjänar|deserves) (?:\w+ ){0,2}?"
    r"(?:\w*kiito|palkankoro|ylenny|tack|beröm|löneför|thanks|praise|credit|raise|promotion)",
    re.IGNORECASE,
)
OF_A_PERSON = re.compile(
    r"\s(?:palvel|kanssa|ansio|asen|apu|avu|neuvo|ohje|vuoro|puhel|toimin|työ|kohtel|käytö|"
    r"ammatti|ystävä|hymy|asiakaspalv|hjälp|service|bemöt|help|attitude)",
    re.IGNORECASE,
)
BRANDS = frozenset(
    re.findall(
        r"\S+",
        "elisa sampo silja viking power prisma telia sonera fortum klarna tele helmi anttila "
        "stockmann sokos oriola orion fiskars tapiola pohjola lähitapiola ilmarinen varma elo keva "
        "valio fazer paulig lindex carlings hertz avis ford tesla mercedes siri alexa aurora kesko "
        "visma fonecta ruka levi",
    )
)
# Of another language: "ville" is Swedish, "villellä" can be nothing but Ville.
WORDS_ELSEWHERE = frozenset({"ville"})
# Few are called so, and everybody is spoken of so: "Alla var trevliga", "Mies oli ystävällinen".
PRONOUNS = frozenset(
    re.findall(r"\S+", "alla de dom du han hon man mies min ni one poika this tyttö vi")
)
