"""Codes with right and with wrong check digits, and sentences to put them in; nobody's, by chance.

Wrong ones differ from right ones in the check digit alone.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

MARKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
SIGNS = {18: "+", 19: "-YXWVU", 20: "ABCDEF"}
IBAN_SHAPES = {
    "FI": "d" * 14,
    "SE": "d" * 20,
    "DE": "d" * 18,
    "EE": "d" * 16,
    "NO": "d" * 11,
    "DK": "d" * 14,
    "GB": "aaaa" + "d" * 14,
    "NL": "aaaa" + "d" * 10,
    "FR": "d" * 10 + "n" * 11 + "d" * 2,
    "MT": "aaaa" + "d" * 5 + "n" * 18,
}
CARD_BEGINNINGS = (
    *(("4", 16), ("4", 13), ("4", 19), ("51", 16), ("2221", 16), ("2720", 16), ("34", 15)),
    *(("37", 15), ("6011", 16), ("36", 14), ("3528", 16), ("62", 16), ("6759", 16)),
)
BUSINESS_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def finnish_id(random: Random, *, is_right: bool) -> str:
    """A henkilötunnus of any century, sometimes in small letters."""
    century = random.choice((18, 19, 19, 19, 20, 20))
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.randint(0, 99)
    digits = f"{day:02}{month:02}{year:02}{random.randint(2, 999):03}"
    mark = MARKS[int(digits) % 31]
    if not is_right:  # and not, by chance, a Swedish number that is right
        mark = random.choice(MARKS.replace(mark, "").replace(luhn_digit(digits), ""))
    code = f"{digits[:6]}{random.choice(SIGNS[century])}{digits[6:]}{mark}"
    return code.lower() if random.random() < 0.1 else code


def swedish_id(random: Random, *, is_right: bool) -> str:
    """A personnummer or samordningsnummer of 10 or 12 digits, that no Finnish code looks like."""
    year = random.randint(32, 99)
    day = random.randint(1, 28) + random.choice((0, 0, 60))
    digits = f"{year:02}{random.randint(1, 12):02}{day:02}{random.randint(1, 999):03}"
    code = digits + _checked(random, luhn_digit(digits), is_right=is_right)
    return random.choice(("", "19")) + code[:6] + random.choice(("-", "-", "+")) + code[6:]


def iban(random: Random, *, is_right: bool) -> str:
    """An account number of one of ten countries, in groups of four or in one piece."""
    country = random.choice(("FI", "FI", "FI", "SE", "SE", *IBAN_SHAPES))
    kinds = {"d": "0123456789", "a": "ABCDEFGHJKLM", "n": "0123456789ABCDEF"}
    inner = "".join(random.choice(kinds[kind]) for kind in IBAN_SHAPES[country])
    check = 98 - int("".join(str(int(c, 36)) for c in f"{inner}{country}00")) % 97
    if not is_right:
        check = random.choice([n for n in range(2, 99) if n != check and n % 97 != check % 97])
    code = f"{country}{check:02}{inner}"
    return _in_fours(code, random.choice(("", " ")))


def card(random: Random, *, is_right: bool) -> str:
    """A payment card of a known kind, in groups of four or in one piece."""
    beginning, length = random.choice(CARD_BEGINNINGS)
    digits = beginning + _digits(random, length - 1 - len(beginning))
    code = digits + _checked(random, luhn_digit(digits), is_right=is_right)
    # Nineteen digits in fours with spaces may be sixteen and three others: not made.
    return _in_fours(code, random.choice(("", "-") if length == 19 else ("", " ", "-")))


def business_id(random: Random, *, is_right: bool) -> str:
    """A Y-tunnus."""
    while True:
        digits = _digits(random, 7)
        remainder = sum(int(d) * w for d, w in zip(digits, BUSINESS_WEIGHTS, strict=True)) % 11
        if remainder != 1 and int(digits):
            check = str((11 - remainder) % 11)
            return f"{digits}-{_checked(random, check, is_right=is_right)}"


def organisation_number(random: Random, *, is_right: bool) -> str:
    """A Swedish organisationsnummer."""
    digits = f"{random.choice('2356789')}{_digits(random, 1)}{random.randint(2, 9)}"
    digits += _digits(random, 6)
    code = digits + _checked(random, luhn_digit(digits), is_right=is_right)
    return f"{code[:6]}-{code[6:]}"


MAKERS: dict[str, tuple[str, Callable[..., str]]] = {
    "henkilötunnus": ("personal_id", finnish_id),
    "personnummer": ("personal_id", swedish_id),
    "IBAN": ("iban", iban),
    "payment card": ("card", card),
    "Y-tunnus": ("business_id", business_id),
    "organisationsnummer": ("business_id", organisation_number),
}
"""What is made: the kind that it must be found as, and the function that makes one."""

SENTENCES = {
    "fi": (
        "{}",
        "Hei, tunnukseni on {} ja odotan vastausta.",
        "Lähetin tiedot ({}) jo kolmesti!",
        "Tilaus 12345 jäi matkalle, {}. Kiitos",
        "Miksi numero\n{}\nei kelpaa?",
        "palvelu ok,{},ei muuta",
    ),
    "sv": (
        "Mitt nummer är {} och jag väntar på svar.",
        "Jag skickade uppgifterna ({}) tre gånger!",
        "Beställning 12345 kom inte fram, {}. Tack",
        "Varför duger inte\n{}\nåt er?",
    ),
    "en": (
        "My number is {} and I am waiting.",
        "I sent the details ({}) three times!",
        "Order 12345 got lost, {}. Thanks",
        "Why is\n{}\nrefused?",
    ),
}


def sentence_with(random: Random, code: str) -> tuple[str, str, int]:
    """A sentence with the code in it, its language, and where the code begins."""
    language = random.choice(tuple(SENTENCES))
    template = random.choice(SENTENCES[language])
    return template.replace("{}", code), language, template.index("{}")


def luhn_digit(digits: str) -> str:
    """The digit that makes the digits before it pass Luhn's formula."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _checked(random: Random, check: str, *, is_right: bool) -> str:
    return check if is_right else random.choice("0123456789".replace(check, ""))


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def _in_fours(code: str, gap: str) -> str:
    return gap.join(code[start : start + 4] for start in range(0, len(code), 4))


def disguised(random: Random, code: str) -> str:
    """The same code as it may arrive: other dashes, wide digits, hidden characters, a new line."""
    way = random.randrange(6)
    if way == 0:
        return code.replace("-", random.choice("\u2010\u2011\u2012\u2013\u2014\u2212\uff0d"))
    if way == 1:
        return code.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    if way == 2:
        return code.replace(" ", random.choice("\u00a0\u202f\u2009")).replace("-", "-\n")
    if way == 3:
        return code.replace("-", " - ") if "-" in code else code.replace(" ", "  ")
    hidden = "\u00ad" if way == 4 else random.choice("\u200b\u200d\u2060\ufeff")
    place = random.randint(1, len(code) - 1)
    return code[:place] + hidden + code[place:]


def phone(random: Random) -> str:
    """A telephone number as people write it: Finnish, Swedish, or with a country's code."""
    kind = random.randrange(4)
    if kind == 0:
        beginning = random.choice(("040", "041", "044", "045", "046", "050"))
        rest = random.choice(("123 4567", "1234567", "123 45 67", "12 34 567"))
    elif kind == 1:
        beginning = random.choice(("+358 40", "+35850", "+358 (0)44", "0035845", "358 40"))
        rest = random.choice(("123 4567", "1234567", "12 34 567"))
    elif kind == 2:
        beginning = random.choice(("070", "073", "+46 70", "+4676", "0046 72"))
        rest = random.choice(("-123 45 67", " 123 45 67", "1234567"))
    else:
        beginning, rest = random.choice((("+47 9", "12 34 567"), ("+372 5", "123 4567")))
    gap = "" if rest.startswith(("-", " ")) else random.choice(("", " ", "-"))
    gap = "" if kind == 3 else gap
    return beginning + gap + _with_digits(random, rest)


def number_that_is_no_phone(random: Random) -> str:
    """An order number, a sum, a date, hours, years, a number for emergencies."""
    return random.choice(
        (
            f"tilausnumero {_digits(random, 10)}",
            f"viite {_digits(random, 3)} {_digits(random, 5)}",
            f"order number 0{_digits(random, 9)}",
            f"laskun nro 040{_digits(random, 6)}",
            f"{random.randint(1, 9)} {_digits(random, 3)},{_digits(random, 2)} €",
            f"{random.randint(1, 28)}.{random.randint(1, 12)}.20{random.randint(10, 30)}",
            f"0{random.randint(1, 9)}.0{random.randint(1, 9)}.20{random.randint(10, 30)}",
            f"20{random.randint(10, 30)}-0{random.randint(1, 9)}-1{random.randint(0, 9)}",
            f"08.{random.randint(10, 59)}-16.{random.randint(10, 59)}",
            random.choice(("112", "116117", "24/7", "2019-2024")),
        )
    )


def email(random: Random) -> str:
    """An e-mail address."""
    return random.choice(("etu.suku", "e_s+x", "matti-77", "åsa.ö")) + random.choice(
        (
            "@example.fi",
            "@posti.example.com",
            "(at)example.fi",
            "@mail.example.co.uk",
            " @example.com",
        )
    )


def plate(random: Random) -> str:
    """A Finnish plate, or a Swedish one of the newer kind."""
    letters = "".join(random.choice("CFGHJXYZ") for _ in range(3))
    if random.random() < 0.3:
        return f"{letters} {_digits(random, 2)}{random.choice('ABCDEFGHJKLMNPRSTUWXYZ')}"
    return f"{letters}-{random.randint(1, 999)}"


def _with_digits(random: Random, pattern: str) -> str:
    return "".join(
        random.choice("23456789") if character.isdigit() else character for character in pattern
    )
