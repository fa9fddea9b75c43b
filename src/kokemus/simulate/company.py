"""An invented Finnish home-services company whose truths are known."""

import datetime
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kokemus.simulate import truths
from kokemus.simulate.cases import draw_cases
from kokemus.simulate.encounters import Turns, draw_encounters
from kokemus.simulate.kotilyhty import (
    CAUSES,
    DOMAIN,
    JOURNEYS,
    NAME,
    SURVEYS,
    TOUCHPOINTS,
    UNITS,
    name_in,
)
from kokemus.simulate.moments import month_start, months_before, to_column
from kokemus.simulate.organisation import (
    Case,
    Cause,
    Contacts,
    Encounters,
    Event,
    Journey,
    Member,
    Responses,
    Survey,
    Touchpoint,
    Unit,
)
from kokemus.simulate.people import MEMBERS, draw_crowd
from kokemus.simulate.responses import LOW, cut_scores, draw_responses

if TYPE_CHECKING:
    import polars as pl

ENCOUNTERS_PER_RESPONSE = 1.2
CONTACTS_PER_RESPONSE = 1 / 3
TURNS = ("training", "invoice", "login", "reminder")
"""What each event turns, in their order."""


class UnusableWindow(ValueError):
    """The window has no zone, or has no room to plant anything in."""


@dataclass(frozen=True, kw_only=True)
class Company:
    name: str
    domain: str
    starts: datetime.datetime
    ends: datetime.datetime
    units: tuple[Unit, ...]
    """Parents come before children; the first is the root."""
    members: tuple[Member, ...]
    journeys: tuple[Journey, ...]
    touchpoints: tuple[Touchpoint, ...]
    """Those of the journeys, in order; `Encounters.touchpoint` counts here."""
    surveys: tuple[Survey, ...]
    """One for each touchpoint, in the same order."""
    causes: tuple[Cause, ...]
    events: tuple[Event, ...]
    staff: tuple[str, ...]
    """Pseudonyms; `Encounters.staff` counts here."""
    contacts: Contacts
    encounters: Encounters
    responses: Responses
    cases: tuple[Case, ...]
    """In order of opening; the open ones have no `resolved_at`."""

    def answers(self) -> "pl.DataFrame":
        """Give one row for each response with what was known of its encounter: for statistics."""
        import polars as pl

        of = self.responses.encounter
        met = self.encounters
        contact = met.contact[of]
        at = contact.tolist()
        return pl.DataFrame(
            {
                "score": self.responses.score,
                "touchpoint": _pick([each.code for each in self.touchpoints], met.touchpoint[of]),
                "kind": _pick([each.kind for each in self.surveys], self.responses.survey),
                "mode": _pick([each.mode for each in self.touchpoints], met.touchpoint[of]),
                "unit": _pick([each.code for each in self.units], met.unit[of]),
                "partner": _pick([*(each.code for each in self.units), ""], met.partner[of]),
                "staff": _pick([*self.staff, ""], met.staff[of]),
                "contact": contact,
                "region": [self.contacts.region[i] for i in at],
                "segment": [self.contacts.segment[i] for i in at],
                "handoffs": met.handoffs[of],
                "language": self.responses.language,
                "channel": self.responses.channel,
                "comment": self.responses.comment,
                "theme": self.responses.theme,
                "happened_at": met.happened_at[of],
                "answered_at": self.responses.answered_at,
            }
        )


def simulate_company(
    *,
    seed: int = 2026,
    months: int = 24,
    responses: int = 60_000,
    ends: datetime.datetime,
) -> Company:
    """Invent the company's last `months` months; the same arguments give the same company.

    What is planted, in standard deviations of experience among encounters alike in all else
    (`truths` holds the same numbers, and the cuts that make scores of experience):

    ==========================  ======================================================
    customer's history          35 % of the variance: some are pleased, some are not
    staff member                3 % of the variance
    touchpoint                  from -0.60 (complaint) to +0.40 (care-visit), see `truths`
    electrician partner         -0.45 on the 40 % of installation visits it makes
    plumber, carrier            0, though the plumber makes 15 % of installation visits
    new invoice layout          -0.50 on invoice, from the event `new-invoice` (2/3 through)
    training                    +0.30 on phone-service, from `phone-training` (5/12 through)
    login trouble               -0.35 on booking and app in the last 21 days
    winter                      -0.15 in December to February, and volumes × 1.25
    hand-off                    -0.12 each on phone-service, chat and complaint
    Oulu                        -0.20; its share of encounters grows from 12 % to 28 %
    senior                      +0.20 over household and company
    the relationship            carries 0.40 of the contact's last human encounter, and 0.10 of
                                the last digital one, of what was particular to them
    language, channel           0
    weekday                     staffed: Monday 1.25 to Sunday 0.15; digital: nearly even
    volume                      grows by 30 % from start to end
    comments                    by 52 %, 30 %, 33 % of low, middle, high answers; a login is what
                                3 % of low and middle comments on booking and app are about,
                                35 % in the last 21 days; a promised text that comes late is
                                what 40 % of comments on delivery, installation-visit,
                                cleaning-visit and care-visit are about in the last 7 days
    ==========================  ======================================================

    Who answers is drawn at random, five of six encounters: no bias of non-response is planted.

    Parameters
    ----------
    seed
        Any whole number; another seed is another draw of the same truths.
    months
        Calendar months before `ends`, at least 2.
    responses
        How many answers, at least 100.
    ends
        The moment up to which things have happened, with a zone.
    """
    if ends.tzinfo is None:
        raise UnusableWindow(f"ends must have a zone, and {ends} has none")
    if months < 2 or responses < 100:
        raise UnusableWindow(f"months {months} and responses {responses} must be at least 2, 100")
    ends = ends.astimezone(datetime.UTC)
    starts = months_before(ends, months=months)
    events = _make_events(ends, months)
    turns = Turns(**dict(zip(TURNS, map(_at, events), strict=True)))
    generator = np.random.default_rng(seed)
    crowd = draw_crowd(
        generator,
        number=round(responses * CONTACTS_PER_RESPONSE),
        history_share=truths.CUSTOMER_SHARE,
    )
    felt = draw_encounters(
        generator,
        number=round(responses * ENCOUNTERS_PER_RESPONSE),
        crowd=crowd,
        starts=starts,
        ends=ends,
        turns=turns,
    )
    given = draw_responses(
        generator, number=responses, felt=felt, contacts=crowd.contacts, ends=ends, turns=turns
    )
    _, level = cut_scores(felt.experience[given.encounter], touchpoint=given.survey)
    cases = draw_cases(
        Random(seed),  # noqa: S311, nothing secret
        responses=given,
        encounters=felt.encounters,
        is_low=(level == LOW).tolist(),
        ends=ends,
    )
    return Company(
        name=NAME,
        domain=DOMAIN,
        starts=starts,
        ends=ends,
        units=UNITS,
        members=MEMBERS,
        journeys=JOURNEYS,
        touchpoints=TOUCHPOINTS,
        surveys=SURVEYS,
        causes=CAUSES,
        events=events,
        staff=felt.staff,
        contacts=crowd.contacts,
        encounters=felt.encounters,
        responses=given,
        cases=cases,
    )


def _make_events(ends: datetime.datetime, months: int) -> tuple[Event, ...]:
    training = months_before(ends, months=months - round(months * truths.TRAINING_AT))
    invoice = months_before(ends, months=months - round(months * truths.INVOICE_AT))
    return (
        Event(
            code="phone-training",
            names=name_in(
                "Puhelinpalvelun valmennus", "Utbildning i telefontjänsten", "Phone team training"
            ),
            happened_at=month_start(training),
        ),
        Event(
            code="new-invoice",
            names=name_in("Uusi laskupohja", "Ny fakturamall", "New invoice layout"),
            happened_at=month_start(invoice),
        ),
        Event(
            code="login-trouble",
            names=name_in("Kirjautumisen häiriöt", "Problem med inloggningen", "Login trouble"),
            happened_at=ends - datetime.timedelta(days=truths.LOGIN_DAYS),
        ),
        Event(
            code="late-reminders",
            names=name_in(
                "Muistutusviestit myöhässä", "Påminnelser för sent", "Reminders come too late"
            ),
            happened_at=ends - datetime.timedelta(days=truths.REMINDER_DAYS),
        ),
    )


def _at(event: Event) -> np.datetime64:
    return to_column(event.happened_at)


def _pick(values: list[str], index: NDArray[np.int64]) -> list[str]:
    return [values[i] for i in index.tolist()]
