"""Differences of two Net Promoter Scores and sample sizes, computed by others.

Source: MOVER limits from Tango's score limits found by bisection, and the formulas of the sample
sizes, written apart from this code; the power is by simulation. Newcombe's paired interval is of
Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10. R's `power.prop.test` prints the
two figures of its help page (R 4).
"""

# (detractors, passives, promoters) later, the same earlier: low, high as shares of -2 to 2
MOVER = {
    ((10, 20, 70), (20, 30, 50)): (0.09404779901460292, 0.4961131011524351),
    ((8, 9, 19), (6, 10, 20)): (-0.43693941919685475, 0.27519832910033193),
    ((123, 456, 789), (150, 430, 700)): (0.005760211574108019, 0.1086534633115104),
    ((1, 3, 6), (5, 5, 10)): (-0.35546985282707644, 0.7293247391474349),
}
# variance of one answer, margin as share: answers for an interval, and per group for power 0.8
SAMPLE_SIZES = {
    (0.45, 0.02): (4319, 17657),
    (0.45, 0.05): (689, 2823),
    (0.45, 0.1): (170, 704),
    (0.6, 0.02): (5760, 23544),
    (0.6, 0.05): (919, 3765),
    (0.6, 0.1): (228, 939),
    (0.67, 0.02): (6432, 26291),
    (0.67, 0.05): (1027, 4204),
    (0.67, 0.1): (255, 1049),
    (0.82, 0.02): (7872, 32178),
    (0.82, 0.05): (1257, 5146),
    (0.82, 0.1): (312, 1285),
    (1.0, 0.02): (9601, 39242),
    (1.0, 0.05): (1534, 6277),
    (1.0, 0.1): (382, 1567),
}
SIMULATED_POWER = {
    "mix": (0.2, 0.3, 0.5),
    "other": (0.15, 0.3, 0.55),
    "answers": 900,
    "power": 0.80125,
}
# yes and yes, yes and no, no and yes, no and no: low, high of the first share less the second
NEWCOMBE_PAIRED = {(36, 12, 2, 0): (0.0569, 0.3404)}
POWER_PROP_TEST = {"answers": 50, "power": 0.740, "needed": 76.7}
