"""What explains the overall score of a journey, computed by others.

Source: base R, `lm` with `AIC` and `vif` by hand, and `calc.relimp(type = "lmg")` of the package
relaimpo, on 1,500 generated journeys, here as their cross-products. R's max and min are peak and
trough here.
"""

NAMES = ("mean", "peak", "trough", "end", "trend")
_UPPER = [  # of [1, mean, max, min, end, trend, overall]
    [1500.0, 10362.861904761903, 13100.0, 7346.0, 10348.0, 4.757142857142863, 10355.0],
    [
        *(73877.8666666667, 92337.73095238095, 53242.42857142858, 73857.30952380953),
        *(26.592789115646323, 73812.69523809527),
    ],
    [116834.0, 65535.0, 92315.0, 47.385714285714364, 92281.0],
    [40062.0, 53240.0, 10.485714285714234, 53302.0],
    [77464.0, 1188.0785714285712, 74745.0],
    [822.0227551020405, 369.6928571428572],
    [75081.0],
]
GRAM = [[_UPPER[min(i, j)][abs(i - j)] for j in range(len(_UPPER))] for i in range(len(_UPPER))]
R_SQUARED = {
    "mean": 0.629305092218153,
    "peak-end": 0.59671054847069,
    "peak, trough and end": 0.685488060543216,
    "all": 0.704160007506952,
}
AIC = {
    "mean": 4086.19737574495,
    "peak-end": 4212.6101350102,
    "peak, trough and end": 3843.66137387116,
    "all": 3755.85642919205,
}
COEFFICIENTS = {  # of "all": slope, standard error
    "(Intercept)": (0.123602858067566, 0.152351594969001),
    "mean": (0.539276114945446, 0.0555468456081592),
    "peak": (0.0927639191451511, 0.0325886677526828),
    "trough": (0.126104892347868, 0.0271909923415159),
    "end": (0.235714981157698, 0.0189596782437859),
    "trend": (0.0839369734516508, 0.0398037424746839),
}
INFLATION = {
    "mean": 9.89942815143912,
    "peak": 3.6192444924195,
    "trough": 4.24154315518159,
    "end": 3.06674505436156,
    "trend": 1.82843267425633,
}
LMG = {
    "mean": 0.229040942185799,
    "peak": 0.120501590977405,
    "trough": 0.149511862353229,
    "end": 0.18288024673412,
    "trend": 0.0222253652563978,
}
