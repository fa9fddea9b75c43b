import numpy as np
import polars as pl
import pytest

from kokemus import measure


def draw_panel(rng, units, periods, *, rho, effect=0.0):
    """Units whose x and y carry over rho, and whose y follows x by the effect."""
    noise = rng.normal(size=(2, periods + 30, units))
    x, y = np.zeros_like(noise)
    for t in range(1, periods + 30):
        x[t] = rho * x[t - 1] + noise[0, t]
        y[t] = rho * y[t - 1] + effect * x[t - 1] + noise[1, t]
    return pl.DataFrame(
        {
            "unit": np.tile(np.arange(units), periods),
            "t": np.repeat(np.arange(periods), units),
            "x": x[30:].ravel(),
            "y": y[30:].ravel(),
        }
    )


def test_the_p_value_is_drawn_and_the_same_seed_gives_the_same() -> None:
    frame = draw_panel(np.random.default_rng(2), 20, 15, rho=0.5, effect=0.5)
    gone = frame.with_columns(y=pl.when(pl.col("unit") * 15 + pl.col("t") != 40).then("y"))
    one, other = (measure.dumitrescu_hurlin(gone, draws=199) for _ in range(2))
    assert one == other
    assert (one.draws, one.p_value) == (199, 1 / 200)
    with pytest.raises(ValueError, match="draws must be 99 or more: 9"):
        measure.dumitrescu_hurlin(frame, draws=9)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("units", "periods", "rho", "effect", "low", "high"),
    [
        (50, 10, 0.5, 0.0, 0.0, 0.09),
        (50, 20, 0.5, 0.0, 0.0, 0.09),
        (200, 12, 0.5, 0.0, 0.0, 0.11),
        (50, 10, 0.0, 0.0, 0.0, 0.09),
        (50, 20, 0.5, 0.2, 0.7, 1.0),
    ],
)
def test_units_with_nothing_between_them_rarely_look_otherwise(
    units, periods, rho, effect, low, high
) -> None:
    rng = np.random.default_rng(8)
    p_values = [
        measure.dumitrescu_hurlin(
            draw_panel(rng, units, periods, rho=rho, effect=effect), draws=99, seed=1
        ).p_value
        for _ in range(100)
    ]
    share = np.mean(np.array(p_values) <= 0.05)
    assert low <= share <= high
