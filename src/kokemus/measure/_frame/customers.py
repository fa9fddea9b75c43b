"""Revenue of customers who stayed and who came, and what people said beside what they did."""

from kokemus.measure._frame.aggregating import Table, aggregate
from kokemus.measure._frame.opening import IntoFrame, number, open_frame


def sum_revenue(frame: IntoFrame, *, before: str, now: str, earned: str) -> Table:
    """Sum revenue of returning and new customers, and of the new who said why they came."""
    import narwhals as nw

    opened = open_frame(frame, numbers=[before, now, earned])
    zero, one = nw.lit(0.0), nw.lit(1.0)
    then = nw.when(~number(before).is_null()).then(number(before)).otherwise(zero)
    today = nw.when(~number(now).is_null()).then(number(now)).otherwise(zero)
    is_old, is_new = then > zero, (then <= zero) & (today > zero)
    is_asked = is_new & ~number(earned).is_null()
    is_earned = is_asked & (number(earned) == one)
    is_missing = number(before).is_null() & number(now).is_null()
    is_odd = is_asked & (number(earned) != one) & (number(earned) != zero)
    return aggregate(
        opened,
        sums={
            "before": then,
            "returning": nw.when(is_old).then(today),
            "new": nw.when(is_new).then(today),
            "customers": nw.when(is_new).then(one),
            "asked": nw.when(is_asked).then(one),
            "asked revenue": nw.when(is_asked).then(today),
            "asked squares": nw.when(is_asked).then(today * today),
            "earned": nw.when(is_earned).then(one),
            "earned revenue": nw.when(is_earned).then(today),
            "missing": nw.when(is_missing).then(one),
            "below": nw.when((then < zero) | (today < zero)).then(one),
            "odd": nw.when(is_odd).then(one),
        },
    )


def count_said_and_done(frame: IntoFrame, *, score: str, done: str) -> Table:
    """Count those who did and did not, by what they said."""
    import narwhals as nw

    opened = open_frame(frame, numbers=[score, done])
    zero, one = nw.lit(0.0), nw.lit(1.0)
    is_there = ~number(score).is_null() & ~number(done).is_null()
    is_odd = is_there & (number(done) != one) & (number(done) != zero)
    return aggregate(
        opened.with_columns(__said=number(score)),
        keys=["__said"],
        sums={
            "did": nw.when(is_there & (number(done) == one)).then(one),
            "did not": nw.when(is_there & (number(done) == zero)).then(one),
            "missing": nw.when(~is_there).then(one),
            "odd": nw.when(is_odd).then(one),
        },
    )
