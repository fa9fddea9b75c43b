"""Words around a name that tell it is one, in three languages, and names that are brands too."""

from __future__ import annotations

import re

# A name follows for certain, also one that no register knows and one written small.
SIGNATURE = re.compile(
    r"(?:\b(?:terv(?:eisin|\.)?|yst(?:\.|äväll\w+) ?terv\w*\.?|kunnioittaen|t[:.]|nimim\w*|"
    r"mvh|vänlig\w* hälsning\w*|hälsning(?:ar|en)|hälsar|(?:kind |best |warm )?regards|sincerely|"
    r"yours truly|br|cheers|sign\.)|(?<=[\n.!?,] )t|(?<=\n)t)[,:.]?\s{1,3}$",
    re.IGNORECASE,
)
TITLE = re.compile(
    r"\b(?:herra\w*|rouva\w*|neiti|hra|rva|mrs?|ms|miss|herr|fru|fröken|dr|tri)\.?\s$"
    r"|\b(?:nimeni on|nimi on|nimeltään|nimeltä|nimisen?|nimeä|olen nimeltäni|my name is|name is|"
    r"name was|named|called|jag heter|heter|hette|namnet är|vid namn|nimi oli|namn var)\s$",
    re.IGNORECASE,
)
# A name may follow: what people do, and thanks.
OCCUPATION = re.compile(
    r"(?:asiakaspalvel\w*|asiakasneuvoj\w*|asiakaspäälli\w*|myyj\w*|neuvoj\w*|asentaj\w*|"
    r"kuljettaj\w*|kuski\w*|kassa(?:lla|n)?|kassanhoitaj\w*|kassahenkil\w*|tarjoilij\w*|lääkäri\w*|hoitaj\w*|"
    r"\w*hoitaja\w*|opettaj\w*|esimie\w*|\w*päällikö\w*|\w*päällikkö|johtaj\w*|kolleg\w*|työntekij\w*|"
    r"tohtori\w*|virkailij\w*|huoltomie\w*|kampaaj\w*|edustaj\w*|henkilö|insinööri\w*|hieroj\w*|"
    r"vastaanottovirkailij\w*|asiantuntij\w*|kouluttaj\w*|lähetti|mekaaniko\w*|mekaanikko|tyyppi|"
    r"handlägg\w*|säljare\w*|\w*medarbetare\w*|kundtjänst\w*|läkare\w*|\w*sköterska\w*|\w*skötare\w*|chaufför\w*|"
    r"montör\w*|rådgivare\w*|servitris\w*|servitör\w*|lärare\w*|chef\w*|kollega\w*|expedit\w*|tekniker\w*|"
    r"kille\w*|tjej\w*|agents?|sales(?:person|man|woman)|assistant|representative|rep|driver|"
    r"nurse|doctor|waiter|waitress|cashier|technician|manager|clerk|advisor|adviser|teacher|"
    r"colleague|receptionist|plumber|guy|lady|person|staff member)[,:]?\s$",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"(?:kiito\w*|tack\w*|thank\w*|thanks to|hei|moi|terve|hej|hi|hello|dear|kehu\w*|"
    r"terkut|terveis\w*|ruusuja|props to|till|by|with|asked|met|and|ja|och|av|hos)[,:]?\s$",
    re.IGNORECASE,
)
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
DETERMINER = re.compile(
    r"\b(?:the|an?|my|your|our|this|that|no|any|en|ett|den|det|min|din|vår|in|since|until|on)\s$",
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
