"""Funnels of shares, computed by others.

Source: R, the package FunnelPlotR 0.6.0 on 582 lecturers of lme4's InstEval with
30 ratings and more, for the target; base R's `qbinom` for the limits.
"""

TARGET = 0.440957072484166
BINOMIAL_LIMITS = {  # answers: (95 % low, high, 99.8 % low, high)
    30: (0.266666666666667, 0.633333333333333, 0.166666666666667, 0.733333333333333),
    50: (0.3, 0.58, 0.24, 0.66),
    100: (0.34, 0.54, 0.29, 0.59),
    200: (0.375, 0.51, 0.335, 0.55),
    400: (0.3925, 0.49, 0.365, 0.5175),
}
