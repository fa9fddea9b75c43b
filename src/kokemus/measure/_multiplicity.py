"""Many tests at once: Benjamini and Hochberg's adjustment."""

from collections.abc import Sequence


def adjust_p_values(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values so that those up to q have a false discovery rate of at most q.

    None (no test) stays None and counts for nothing. Benjamini and Hochberg (1995), Journal of
    the Royal Statistical Society B 57, 289-300.

    >>> adjust_p_values([0.01, None, 0.04, 0.03])
    [0.03, None, 0.04, 0.04]
    """
    tested = sorted(
        (p_value, place) for place, p_value in enumerate(p_values) if p_value is not None
    )
    adjusted: list[float | None] = [None] * len(p_values)
    least = 1.0
    for rank in range(len(tested), 0, -1):
        p_value, place = tested[rank - 1]
        least = min(least, p_value * len(tested) / rank)
        adjusted[place] = least
    return adjusted
