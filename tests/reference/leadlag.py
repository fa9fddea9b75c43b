"""Leads and lags, computed by others.

Source of the cross-lagged panel: R, package lavaan, fitted to the covariance matrix alone (800
units of generated data, three waves; the model has equal paths in both waves). Source of the
panel test: Dumitrescu and Hurlin's statistic of Grunfeld's investment data (10 firms, 1935-1954,
investment on value) in R, package plm, `pgrangertest`; each firm's Wald statistic computed here
by least squares from the data that statsmodels 0.15 ships, without American Steel. Granger's F of
chickens and eggs: R, package lmtest, `grangertest`, order 3 (Thurman and Fisher 1988).
"""

COVARIANCE = [
    [
        0.972969783821362,
        0.437950389823229,
        0.524429873835268,
        0.452684212396781,
        0.276308798967133,
        0.36031351612909,
    ],
    [
        0.437950389823229,
        1.01464048964617,
        0.265683663870161,
        0.62134765323086,
        0.14332662345847,
        0.341048933704258,
    ],
    [
        0.524429873835268,
        0.265683663870161,
        0.947306682136299,
        0.283483179701495,
        0.495379220806397,
        0.380750973287872,
    ],
    [
        0.452684212396781,
        0.62134765323086,
        0.283483179701495,
        1.0225551590582,
        0.192249988052541,
        0.620423293155057,
    ],
    [
        0.276308798967133,
        0.14332662345847,
        0.495379220806397,
        0.192249988052541,
        0.906766846198717,
        0.217334522535579,
    ],
    [
        0.36031351612909,
        0.341048933704258,
        0.380750973287872,
        0.620423293155057,
        0.217334522535579,
        1.0529038399303,
    ],
]
UNITS = 800
CHI_SQUARED, DEGREES = 8.80276545054954, 8
# Estimate and standard error.
PATHS = {
    ("e", "e"): (0.51513364535821, 0.0221922750581894),
    ("c", "e"): (0.0427729452789287, 0.021414181003608),
    ("c", "c"): (0.525593395288517, 0.0207422142514055),
    ("e", "c"): (0.236262275507861, 0.021484549819689),
}
VARIANCES = {
    "e2 ~~ c2": 0.0243667784992371,
    "e3 ~~ c3": -0.00551843627553616,
    "e1 ~~ c1": 0.437402944499418,
    "e2 ~~ e2": 0.662791640600129,
    "c2 ~~ c2": 0.598121102594442,
    "e3 ~~ e3": 0.644883565284627,
    "c3 ~~ c3": 0.625788132178543,
    "e1 ~~ e1": 0.97175365095231,
    "c1 ~~ c1": 1.01337211726857,
}
# By order: Z tilde, and each firm's Wald statistic.
GRUNFELD = {
    1: (
        3.28960,
        {
            "Atlantic Refining": 11.595821899831838,
            "Chrysler": 3.285347168343455,
            "Diamond Match": 0.19349563636309364,
            "General Electric": 0.05600841220694911,
            "General Motors": 1.3393907714318332,
            "Goodyear": 0.08255570087884508,
            "IBM": 11.734014078020765,
            "US Steel": 1.6939543675062345,
            "Union Oil": 0.23401326762621438,
            "Westinghouse": 0.011685137921780104,
        },
    ),
    2: (
        1.68320,
        {
            "Atlantic Refining": 11.063180671424288,
            "Chrysler": 3.3069759740907267,
            "Diamond Match": 0.5210144055297374,
            "General Electric": 0.7983334001204194,
            "General Motors": 1.8255236881631112,
            "Goodyear": 4.406876851355511,
            "IBM": 10.834346753680913,
            "US Steel": 4.369480023680158,
            "Union Oil": 1.3410751979994533,
            "Westinghouse": 0.2900524532942933,
        },
    ),
}
GRUNFELD_PERIODS = 20
# F and p of order 3, on 3 and 44 degrees of freedom.
EGGS_TO_CHICKENS = (5.4050, 0.0029664)
