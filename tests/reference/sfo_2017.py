"""San Francisco International Airport, customer survey 2017: would you recommend it, 0 to 10?

Source: the airport's customer survey of 2017 as published (2,831 rows), column NETPRO, in which
84 rows hold the code 11 and 1 is empty; the column WEIGHT holds the survey's weights. Figures by
R's package survey (`svymean`); what is marked as derived was counted from the file.
"""

HISTOGRAM = {0: 17, 1: 6, 2: 8, 3: 19, 4: 18, 5: 144, 6: 130, 7: 291, 8: 677, 9: 564, 10: 872}
CODED_MISSING = {11: 84}
EMPTY = 1
ANSWERS = 2746
NPS = 0.3983976693372
STANDARD_ERROR = 0.01334137133487

WEIGHTED_NPS = 0.4039843551171
KISH_DESIGN_EFFECT = 1.211553069118
KISH_EFFECTIVE_ANSWERS = 2266.51235508674

# boarding area: (answers, score)
BY_AREA = {
    "A": (724, 0.3991712707182),
    "B": (166, 0.433734939759),
    "C": (226, 0.4690265486726),
    "D": (386, 0.4352331606218),
    "E": (175, 0.4685714285714),
    "F": (444, 0.3851351351351),
    "G": (625, 0.3296),
}

# Derived from the file: answer: (answers, sum of weights, sum of squared weights)
WEIGHTED_HISTOGRAM = {
    0: (17, 15.7980314690, 18.08526903571585),
    1: (6, 6.5702907194, 8.972971472900818),
    2: (8, 7.2517579928, 8.304162410437524),
    3: (19, 17.6116865509, 19.77852606675542),
    4: (18, 16.8562769785, 19.293017054907597),
    5: (144, 142.2754009592, 166.10689002317076),
    6: (130, 123.4312806874, 144.81557409507735),
    7: (291, 295.9968788831, 366.2391375222063),
    8: (677, 681.3089948994, 826.0257073010032),
    9: (564, 541.1839110109, 632.179403429576),
    10: (872, 898.1120627421, 1118.0850769863682),
}

# Derived from the file: boarding area: (detractors, passives, promoters)
COUNTS_BY_AREA = {
    "A": (93, 249, 382),
    "B": (22, 50, 94),
    "C": (26, 68, 132),
    "D": (45, 128, 213),
    "E": (18, 57, 100),
    "F": (50, 173, 221),
    "G": (88, 243, 294),
}
