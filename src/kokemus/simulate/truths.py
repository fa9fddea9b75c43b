"""What is planted in the invented company, as numbers a test can import.

Effects are in standard deviations of experience among encounters that are alike in all else; a
score is cut from experience at `CUTS` of its scale.
"""

from itertools import accumulate
from statistics import NormalDist

CUSTOMER_SHARE = 0.35
STAFF_SHARE = 0.03
TOUCHPOINTS = {
    "website": 0.0,
    "sales-advice": 0.15,
    "online-order": 0.05,
    "booking": -0.1,
    "delivery": -0.1,
    "installation-visit": 0.25,
    "invoice": -0.15,
    "first-visit": 0.2,
    "service-plan": 0.0,
    "cleaning-visit": 0.1,
    "care-visit": 0.4,
    "phone-service": 0.0,
    "chat": -0.15,
    "app": -0.05,
    "complaint": -0.6,
    "relationship": 0.05,
}
ELECTRICIAN = -0.45
PLUMBER = 0.0
ELECTRICIAN_SHARE = 0.4
PLUMBER_SHARE = 0.15
INVOICE = -0.5
TRAINING = 0.3
LOGIN = -0.35
WINTER = -0.15
HANDOFF = -0.12
OULU = -0.2
SENIOR = 0.2
HUMAN_WEIGHT = 0.4
DIGITAL_WEIGHT = 0.1

INVOICE_AT = 2 / 3
TRAINING_AT = 5 / 12
LOGIN_DAYS = 21
LOGIN_SHARE_BEFORE = 0.03
LOGIN_SHARE_AFTER = 0.35
REMINDER_DAYS = 7
REMINDER_SHARE = 0.4
REMINDED = ("delivery", "installation-visit", "cleaning-visit", "care-visit")
"""Touchpoints whose text message before the appointment comes too late in the last days."""
WINTER_VOLUME = 1.25
GROWTH = 1.3
OULU_SHARE_FIRST = 0.12
OULU_SHARE_LAST = 0.28
WEEKDAY_VOLUMES = {
    "staffed": (1.25, 1.1, 1.0, 1.0, 0.95, 0.3, 0.15),
    "digital": (1.1, 1.0, 1.0, 1.0, 0.9, 0.8, 1.0),
}
COMMENT_RATES = {"low": 0.52, "middle": 0.3, "high": 0.33}
HANDOFF_SHARES = (0.62, 0.25, 0.1, 0.03)

SCORE_LOW = {"nps": 0, "csat": 1, "ces": 1, "stars": 1, "thumbs": 0}
SHARES = {
    "nps": (1.5, 1.0, 1.5, 1.5, 2.0, 5.0, 5.5, 12.0, 20.0, 22.0, 28.0),
    "csat": (5.0, 8.0, 17.0, 38.0, 32.0),
    "ces": (3.0, 4.0, 6.0, 10.0, 20.0, 32.0, 25.0),
    "stars": (5.0, 6.0, 13.0, 33.0, 43.0),
    "thumbs": (22.0, 78.0),
}
"""Per cent of each score, lowest first, where no effect moves experience."""
CUTS = {
    kind: tuple(NormalDist().inv_cdf(total / 100) for total in list(accumulate(shares))[:-1])
    for kind, shares in SHARES.items()
}
MIDDLE = {"nps": (7, 8), "csat": (3, 3), "ces": (4, 5), "stars": (3, 3), "thumbs": (1, 0)}
"""Lowest and highest score of the middle; a thumb has none."""
