"""What a new survey says before anyone has changed a word of it. Pure."""

from __future__ import annotations

Texts = dict[str, str]

QUESTIONS: dict[str, dict[str, Texts]] = {
    "nps": {
        "fi": {
            "question": "Kuinka todennäköisesti suosittelisit meitä ystävälle tai kollegalle?",
            "low": "En lainkaan todennäköisesti",
            "high": "Erittäin todennäköisesti",
        },
        "sv": {
            "question": "Hur sannolikt är det att du rekommenderar oss till en vän eller kollega?",
            "low": "Inte alls sannolikt",
            "high": "Mycket sannolikt",
        },
        "en": {
            "question": "How likely are you to recommend us to a friend or colleague?",
            "low": "Not at all likely",
            "high": "Extremely likely",
        },
    },
    "csat": {
        "fi": {
            "question": "Kuinka tyytyväinen olet saamaasi palveluun?",
            "low": "Erittäin tyytymätön",
            "high": "Erittäin tyytyväinen",
        },
        "sv": {
            "question": "Hur nöjd är du med servicen du fick?",
            "low": "Mycket missnöjd",
            "high": "Mycket nöjd",
        },
        "en": {
            "question": "How satisfied are you with the service you received?",
            "low": "Very dissatisfied",
            "high": "Very satisfied",
        },
    },
    "ces": {
        "fi": {
            "question": "Asiani hoitaminen oli helppoa.",
            "low": "Täysin eri mieltä",
            "high": "Täysin samaa mieltä",
        },
        "sv": {
            "question": "Det var lätt att få mitt ärende skött.",
            "low": "Instämmer inte alls",
            "high": "Instämmer helt",
        },
        "en": {
            "question": "It was easy to get my matter handled.",
            "low": "Strongly disagree",
            "high": "Strongly agree",
        },
    },
    "stars": {
        "fi": {
            "question": "Montako tähteä annat palvelulle?",
            "low": "Huono",
            "high": "Erinomainen",
        },
        "sv": {
            "question": "Hur många stjärnor ger du servicen?",
            "low": "Dålig",
            "high": "Utmärkt",
        },
        "en": {
            "question": "How many stars would you give our service?",
            "low": "Poor",
            "high": "Excellent",
        },
    },
    "thumbs": {
        "fi": {"question": "Hoituiko asiasi?", "low": "Ei hoitunut", "high": "Hoitui"},
        "sv": {"question": "Löste sig ditt ärende?", "low": "Nej", "high": "Ja"},
        "en": {"question": "Was your matter taken care of?", "low": "No", "high": "Yes"},
    },
}

FOLLOW_UP: dict[str, Texts] = {
    "fi": {
        "why": "Mikä vaikutti eniten arvioosi?",
        "permission": "Minuun saa ottaa yhteyttä tästä asiasta",
        "thanks": "Luemme jokaisen vastauksen. Jos jokin meni pieleen, otamme sen hoitaaksemme.",
    },
    "sv": {
        "why": "Vad påverkade ditt betyg mest?",
        "permission": "Ni får kontakta mig om det här",
        "thanks": "Vi läser varje svar. Om något gick fel tar vi tag i det.",
    },
    "en": {
        "why": "What mattered most for your score?",
        "permission": "You may contact me about this",
        "thanks": "We read every answer. If something went wrong, we will take care of it.",
    },
}

# The order in which a person meets the texts of a survey.
TEXT_KEYS = ("question", "low", "high", "why", "permission", "thanks")
LENGTH_MAX = {"question": 200, "low": 60, "high": 60, "why": 200, "permission": 120, "thanks": 300}


def starting_texts(scale: str) -> dict[str, Texts]:
    """The texts of a new survey on this scale, in every language: {language: {key: text}}."""
    return {
        language: {**QUESTIONS[scale][language], **FOLLOW_UP[language]} for language in FOLLOW_UP
    }


def missing_texts(texts: dict[str, Texts]) -> list[tuple[str, str]]:
    """(language, key) of each text a published survey needs and lacks.

    A language may be left out whole; a language that is there must be complete. At least one is.
    """
    used = {code: own for code, own in texts.items() if any(t.strip() for t in own.values())}
    if not used:
        return [(next(iter(texts), "fi"), "question")]
    return [
        (language, key)
        for language, own in used.items()
        for key in TEXT_KEYS
        if not own.get(key, "").strip()
    ]
