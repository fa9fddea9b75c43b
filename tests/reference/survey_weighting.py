"""Raking, post-stratification and stratified means of California's school survey (api).

Source: the R package survey (its data sets apiclus1 and apistrat and the values that its
documentation prints), as counts and sums of api00 by school type (E, H, M) and by whether the
school-wide target was met. Raked weights per unit are by iterative proportional fitting to 1e-12.
"""

COUNTS = {
    ("E", "No"): 12,
    ("E", "Yes"): 132,
    ("H", "No"): 3,
    ("H", "Yes"): 11,
    ("M", "No"): 8,
    ("M", "Yes"): 17,
}
API_SUMS = {
    ("E", "No"): 7156,
    ("E", "Yes"): 86281,
    ("H", "No"): 1978,
    ("H", "Yes"): 6682,
    ("M", "No"): 4851,
    ("M", "Yes"): 10935,
}
MARGINS = {"stype": {"E": 4421, "H": 755, "M": 1018}, "sch.wide": {"No": 1072, "Yes": 5122}}
BASE_WEIGHT = 33.846996307373
RAKED_UNIT_WEIGHTS = {
    ("E", "No"): 39.83923624713105,
    ("E", "Yes"): 29.870675492685056,
    ("H", "No"): 67.12552924119426,
    ("H", "Yes"): 50.32940111603793,
    ("M", "No"): 49.06907216385558,
    ("M", "Yes"): 36.791024864067964,
}
RAKED_UNIT_WEIGHTS_OF_R = {  # survey::rake stops earlier
    ("E", "No"): 39.838509410554,
    ("E", "Yes"): 29.870463872735,
    ("H", "No"): 67.12578262633,
    ("H", "Yes"): 50.330152772675,
    ("M", "No"): 49.070067399295,
    ("M", "Yes"): 36.792181664683,
}
POST_STRATIFIED_UNIT_WEIGHTS = {"E": 30.701388888889, "H": 53.928571428571, "M": 40.72}
MEANS = {"plain": 644.169398907104, "raked": 641.230246862209, "post": 642.310788211582}

# apistrat: 100 E, 50 H, 50 M, with the strata's sums of api00.
STRATA_COUNTS = {"E": 100, "H": 50, "M": 50}
STRATA_SUMS = {"E": 67443, "H": 31291, "M": 31830}
STRATIFIED_MEAN = 662.287363159321
