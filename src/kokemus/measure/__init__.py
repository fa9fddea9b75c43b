"""Honest statistics of customer experience on any dataframe.

Every function takes a frame and column names, asks the frame's engine for sufficient statistics
in a bounded number of group-bys, and returns a frozen result: estimate, low, high, answers, method.
Beside each stands the same function from the sufficient statistic (`nps_from_histogram`).

A name is imported when it is first asked for, so that importing `measure` stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kokemus.measure import intervals
    from kokemus.measure._arm_sums import ArmSums
    from kokemus.measure._asymmetry_results import AttributeEffect, PenaltyRewards
    from kokemus.measure._attribution import Attribution, Ranking
    from kokemus.measure._comparison_results import ScoreComparison, ScoreComparisons
    from kokemus.measure._driver_estimates import NoPredictors
    from kokemus.measure._driver_results import CompleteDominance, ConditionalDominance, Drivers
    from kokemus.measure._experiment_results import Comparison, Experiment
    from kokemus.measure._frame import (
        FarWeights,
        NotAFrame,
        NotFinite,
        NotNumbers,
        OrderUnclear,
        PatternName,
        RepeatedColumns,
        UnknownColumn,
    )
    from kokemus.measure._frame.crossed import TooManyDummies
    from kokemus.measure._frame.experiments import SplitClusters
    from kokemus.measure._funnel import Funnel
    from kokemus.measure._integrity_results import Integrity, Sign, Signs, UnitIntegrity

    # Each module and the names that it gives, parted by spaces.
    from kokemus.measure._journey_models import TooFewJourneys
    from kokemus.measure._journey_results import HandOffs, JourneyModels, Paths
    from kokemus.measure._ordinal_results import ProportionalOdds, WinProbability
    from kokemus.measure._pattern_moments import NotSettled
    from kokemus.measure._plots import MissingExtra
    from kokemus.measure._promise_results import PromiseGap, PromiseGaps
    from kokemus.measure._reml import NotFitted
    from kokemus.measure._risk_sets import NotFollowUp, RiskSets, UnknownClass
    from kokemus.measure._sample_ratio import SampleRatio, UnknownArm
    from kokemus.measure._subset_tree import TooManyPredictors
    from kokemus.measure._weight_results import UnknownLevel
    from kokemus.measure.aapor import UnknownDisposition, response_rates, response_rates_from_counts
    from kokemus.measure.always_valid import (
        always_valid_difference,
        always_valid_share,
        gamma_exponential_bound,
        gamma_poisson_bound,
        normal_mixture_bound,
        normal_mixture_rho,
        one_sided_normal_mixture_bound,
        stitched_bound,
    )
    from kokemus.measure.assignment import assign_arm, sample_ratio, sample_ratio_from_counts
    from kokemus.measure.asymmetry import penalty_reward, penalty_reward_from_gram
    from kokemus.measure.change import (
        UnknownPeriod,
        decompose_change,
        decompose_change_from_histograms,
        decompose_changes,
    )
    from kokemus.measure.compare import (
        Incomparable,
        UnknownGroup,
        compare_groups,
        compare_groups_from_histograms,
        difference,
        difference_between,
        difference_from_histograms,
    )
    from kokemus.measure.crossed_effects import (
        CannotAttribute,
        CrossedCounts,
        TooManyLevels,
        attribution,
        attribution_from_counts,
    )
    from kokemus.measure.design_effects import kish, kish_from_sums
    from kokemus.measure.dominance import (
        complete_dominance,
        complete_dominance_from_gram,
        conditional_dominance,
        conditional_dominance_from_gram,
    )
    from kokemus.measure.effort import ces, ces_from_histogram
    from kokemus.measure.experiments import (
        experiment,
        experiment_from_sums,
    )
    from kokemus.measure.funnels import (
        funnel,
        funnel_from_counts,
        share_funnel,
        share_funnel_from_counts,
        share_limits,
    )
    from kokemus.measure.hazards import (
        cox,
        cox_from_counts,
        discrete_time_hazard,
        discrete_time_hazard_from_counts,
    )
    from kokemus.measure.histograms import NegativeWeights, OffScale, Tally
    from kokemus.measure.importance_maps import (
        ImportanceMap,
        MapPoint,
        performance_and_importance,
        stated_and_revealed,
    )
    from kokemus.measure.integrity import coverage_bound, integrity_from_signs, integrity_signs
    from kokemus.measure.journeys import paths, paths_from_counts, peak_end, peak_end_from_grams
    from kokemus.measure.leadlag import (
        cross_lagged,
        cross_lagged_from_covariance,
        granger,
        granger_from_series,
    )
    from kokemus.measure.legs import LegSums, hand_offs, hand_offs_from_sums
    from kokemus.measure.loyalty import (
        class_value,
        class_value_from_counts,
        earned_growth,
        earned_growth_from_sums,
        said_versus_done,
        said_versus_done_from_counts,
    )
    from kokemus.measure.means import mean_from_histogram, mean_score
    from kokemus.measure.nonresponse import (
        UnknownScale,
        nonresponse_bounds,
        nonresponse_bounds_from_histogram,
    )
    from kokemus.measure.ordinal import (
        proportional_odds,
        proportional_odds_from_counts,
        win_probability,
        win_probability_from_histograms,
    )
    from kokemus.measure.pairs import paired_difference, paired_difference_from_counts
    from kokemus.measure.panel_granger import dumitrescu_hurlin, dumitrescu_hurlin_from_wald
    from kokemus.measure.privacy import (
        ImpossibleTable,
        Ledger,
        SafeTable,
        WouldReveal,
        find_ranges,
        is_safe_to_show,
        open_ledger,
        suppress,
        suppress_small_cells,
    )
    from kokemus.measure.promises import promise_gap, promise_gap_from_counts
    from kokemus.measure.ranks import RankSet, TooManyToRank, expected_ranks, rank_confidence_sets
    from kokemus.measure.relative_importance import (
        drivers,
        drivers_from_correlation,
        drivers_from_gram,
    )
    from kokemus.measure.reliability import unit_means, unit_means_from_sums
    from kokemus.measure.results import Estimate, Score, Scores
    from kokemus.measure.sample_sizes import (
        Plan,
        nps_difference_power,
        nps_difference_sample_size,
        nps_margin,
        nps_sample_size,
        nps_variance,
        share_difference_power,
        share_difference_sample_size,
        share_margin,
        share_sample_size,
    )
    from kokemus.measure.scores import csat, csat_from_histogram, enps, nps, nps_from_histogram
    from kokemus.measure.signs import (
        heap_ratio_from_histogram,
        heaping,
        heaping_from_histograms,
        invitation_coverage,
        invitation_coverage_from_counts,
        invitation_selectivity,
        invitation_selectivity_from_counts,
    )
    from kokemus.measure.standardisation import UnlikePopulations, standardise
    from kokemus.measure.survival import (
        kaplan_meier,
        kaplan_meier_from_counts,
        log_rank,
        log_rank_from_counts,
        rmst,
        rmst_from_counts,
    )
    from kokemus.measure.timing_signs import (
        answer_bursts,
        answer_bursts_from_blocks,
        coaching_jump,
        coaching_jump_from_moments,
        early_answers,
        early_answers_from_counts,
        shared_devices,
        shared_devices_from_counts,
    )
    from kokemus.measure.trends import (
        ChangePoint,
        ChangePoints,
        ChartPoint,
        ControlChart,
        Ewma,
        EwmaPoint,
        MetricChange,
        MetricChanges,
        NotDates,
        change_points,
        ewma,
        ewma_run_length,
        nps_chart,
        nps_chart_from_counts,
        share_chart,
        share_chart_from_counts,
        what_changed,
        what_changed_from_histograms,
        with_iso_week,
    )
    from kokemus.measure.weights import (
        EmptyCell,
        NotConverged,
        UnequalMargins,
        add_weights,
        post_stratify,
        post_stratify_from_counts,
        rake,
        rake_from_counts,
        trim_weights,
    )
    from kokemus.measure.words import (
        RisingTheme,
        RisingThemes,
        WordContrast,
        WordContrasts,
        distinguishing_words,
        distinguishing_words_from_counts,
        rising_themes,
        rising_themes_from_counts,
    )

_WHERE = {
    "_arm_sums": "ArmSums",
    "_asymmetry_results": "AttributeEffect PenaltyRewards",
    "_attribution": "Attribution Ranking",
    "_comparison_results": "ScoreComparison ScoreComparisons",
    "_driver_estimates": "NoPredictors",
    "_driver_results": "CompleteDominance ConditionalDominance Drivers",
    "_experiment_results": "Comparison Experiment",
    "_frame": "FarWeights NotAFrame NotFinite NotNumbers OrderUnclear PatternName"
    " RepeatedColumns UnknownColumn",
    "_frame.crossed": "TooManyDummies",
    "_frame.experiments": "SplitClusters",
    "_funnel": "Funnel",
    "_integrity_results": "Integrity Sign Signs UnitIntegrity",
    "_journey_models": "TooFewJourneys",
    "_journey_results": "HandOffs JourneyModels Paths",
    "_ordinal_results": "ProportionalOdds WinProbability",
    "_pattern_moments": "NotSettled",
    "_plots": "MissingExtra",
    "_promise_results": "PromiseGap PromiseGaps",
    "_reml": "NotFitted",
    "_risk_sets": "NotFollowUp RiskSets UnknownClass",
    "_sample_ratio": "SampleRatio UnknownArm",
    "_subset_tree": "TooManyPredictors",
    "_weight_results": "UnknownLevel",
    "aapor": "UnknownDisposition response_rates response_rates_from_counts",
    "always_valid": (
        "always_valid_difference always_valid_share gamma_exponential_bound gamma_poisson_bound "
        "normal_mixture_bound normal_mixture_rho one_sided_normal_mixture_bound stitched_bound"
    ),
    "assignment": "assign_arm sample_ratio sample_ratio_from_counts",
    "asymmetry": "penalty_reward penalty_reward_from_gram",
    "change": "UnknownPeriod decompose_change decompose_change_from_histograms decompose_changes",
    "compare": (
        "Incomparable UnknownGroup compare_groups compare_groups_from_histograms difference "
        "difference_between difference_from_histograms"
    ),
    "crossed_effects": (
        "CannotAttribute CrossedCounts TooManyLevels attribution attribution_from_counts"
    ),
    "design_effects": "kish kish_from_sums",
    "dominance": (
        "complete_dominance complete_dominance_from_gram conditional_dominance "
        "conditional_dominance_from_gram"
    ),
    "effort": "ces ces_from_histogram",
    "experiments": "experiment experiment_from_sums",
    "funnels": "funnel funnel_from_counts share_funnel share_funnel_from_counts share_limits",
    "hazards": "cox cox_from_counts discrete_time_hazard discrete_time_hazard_from_counts",
    "histograms": "NegativeWeights OffScale Tally",
    "importance_maps": "ImportanceMap MapPoint performance_and_importance stated_and_revealed",
    "integrity": "coverage_bound integrity_from_signs integrity_signs",
    "intervals": "",
    "journeys": "paths paths_from_counts peak_end peak_end_from_grams",
    "leadlag": "cross_lagged cross_lagged_from_covariance granger granger_from_series",
    "legs": "LegSums hand_offs hand_offs_from_sums",
    "loyalty": (
        "class_value class_value_from_counts earned_growth earned_growth_from_sums "
        "said_versus_done said_versus_done_from_counts"
    ),
    "means": "mean_from_histogram mean_score",
    "nonresponse": "UnknownScale nonresponse_bounds nonresponse_bounds_from_histogram",
    "ordinal": (
        "proportional_odds proportional_odds_from_counts win_probability "
        "win_probability_from_histograms"
    ),
    "panel_granger": "dumitrescu_hurlin dumitrescu_hurlin_from_wald",
    "pairs": "paired_difference paired_difference_from_counts",
    "privacy": (
        "ImpossibleTable Ledger SafeTable WouldReveal find_ranges is_safe_to_show open_ledger "
        "suppress suppress_small_cells"
    ),
    "promises": "promise_gap promise_gap_from_counts",
    "ranks": "RankSet TooManyToRank expected_ranks rank_confidence_sets",
    "relative_importance": "drivers drivers_from_correlation drivers_from_gram",
    "reliability": "unit_means unit_means_from_sums",
    "results": "Estimate Score Scores",
    "sample_sizes": (
        "Plan nps_difference_power nps_difference_sample_size nps_margin nps_sample_size "
        "nps_variance share_difference_power share_difference_sample_size share_margin "
        "share_sample_size"
    ),
    "scores": "csat csat_from_histogram enps nps nps_from_histogram",
    "signs": (
        "heap_ratio_from_histogram heaping heaping_from_histograms invitation_coverage "
        "invitation_coverage_from_counts invitation_selectivity "
        "invitation_selectivity_from_counts"
    ),
    "standardisation": "UnlikePopulations standardise",
    "survival": (
        "kaplan_meier kaplan_meier_from_counts log_rank log_rank_from_counts rmst rmst_from_counts"
    ),
    "timing_signs": (
        "answer_bursts answer_bursts_from_blocks coaching_jump coaching_jump_from_moments "
        "early_answers early_answers_from_counts shared_devices shared_devices_from_counts"
    ),
    "trends": (
        "ChangePoint ChangePoints ChartPoint ControlChart Ewma EwmaPoint MetricChange "
        "MetricChanges NotDates change_points ewma ewma_run_length nps_chart "
        "nps_chart_from_counts share_chart share_chart_from_counts what_changed "
        "what_changed_from_histograms with_iso_week"
    ),
    "weights": (
        "EmptyCell NotConverged UnequalMargins add_weights post_stratify "
        "post_stratify_from_counts rake rake_from_counts trim_weights"
    ),
    "words": (
        "RisingTheme RisingThemes WordContrast WordContrasts distinguishing_words "
        "distinguishing_words_from_counts rising_themes rising_themes_from_counts"
    ),
}
_MODULE_OF = {name: module for module, names in _WHERE.items() for name in names.split()}

# fmt: off
__all__ = [
    "ArmSums", "AttributeEffect", "Attribution", "CannotAttribute", "ChangePoint", "ChangePoints",
    "ChartPoint", "Comparison", "CompleteDominance", "ConditionalDominance", "ControlChart",
    "CrossedCounts", "Drivers", "EmptyCell", "Estimate", "Ewma", "EwmaPoint", "Experiment",
    "FarWeights", "Funnel", "HandOffs", "ImportanceMap", "ImpossibleTable", "Incomparable",
    "Integrity", "JourneyModels", "Ledger", "LegSums", "MapPoint", "MetricChange", "MetricChanges",
    "MissingExtra", "NegativeWeights", "NoPredictors", "NotAFrame", "NotConverged", "NotDates",
    "NotFinite", "NotFitted", "NotFollowUp", "NotNumbers", "NotSettled", "OffScale",
    "OrderUnclear", "Paths", "PatternName", "PenaltyRewards", "Plan", "PromiseGap", "PromiseGaps",
    "ProportionalOdds", "RankSet", "Ranking", "RepeatedColumns", "RisingTheme", "RisingThemes",
    "RiskSets", "SafeTable", "SampleRatio", "Score", "ScoreComparison", "ScoreComparisons",
    "Scores", "Sign", "Signs", "SplitClusters", "Tally", "TooFewJourneys", "TooManyDummies",
    "TooManyLevels", "TooManyPredictors", "TooManyToRank", "UnequalMargins", "UnitIntegrity",
    "UnknownArm", "UnknownClass", "UnknownColumn", "UnknownDisposition", "UnknownGroup",
    "UnknownLevel", "UnknownPeriod", "UnknownScale", "UnlikePopulations", "WinProbability",
    "WordContrast", "WordContrasts", "WouldReveal", "add_weights", "always_valid_difference",
    "always_valid_share", "answer_bursts", "answer_bursts_from_blocks", "assign_arm",
    "attribution", "attribution_from_counts", "ces", "ces_from_histogram", "change_points",
    "class_value", "class_value_from_counts", "coaching_jump", "coaching_jump_from_moments",
    "compare_groups", "compare_groups_from_histograms", "complete_dominance",
    "complete_dominance_from_gram", "conditional_dominance", "conditional_dominance_from_gram",
    "coverage_bound", "cox", "cox_from_counts", "cross_lagged", "cross_lagged_from_covariance",
    "csat", "csat_from_histogram", "decompose_change", "decompose_change_from_histograms",
    "decompose_changes", "difference", "difference_between", "difference_from_histograms",
    "discrete_time_hazard", "discrete_time_hazard_from_counts", "distinguishing_words",
    "distinguishing_words_from_counts", "drivers", "drivers_from_correlation",
    "drivers_from_gram", "dumitrescu_hurlin", "dumitrescu_hurlin_from_wald", "early_answers",
    "early_answers_from_counts", "earned_growth", "earned_growth_from_sums", "enps", "ewma",
    "ewma_run_length", "expected_ranks", "experiment", "experiment_from_sums", "find_ranges",
    "funnel", "funnel_from_counts", "gamma_exponential_bound", "gamma_poisson_bound", "granger",
    "granger_from_series", "hand_offs", "hand_offs_from_sums", "heap_ratio_from_histogram",
    "heaping", "heaping_from_histograms", "integrity_from_signs", "integrity_signs", "intervals",
    "invitation_coverage", "invitation_coverage_from_counts", "invitation_selectivity",
    "invitation_selectivity_from_counts", "is_safe_to_show", "kaplan_meier",
    "kaplan_meier_from_counts", "kish", "kish_from_sums", "log_rank", "log_rank_from_counts",
    "mean_from_histogram", "mean_score", "nonresponse_bounds",
    "nonresponse_bounds_from_histogram", "normal_mixture_bound", "normal_mixture_rho", "nps",
    "nps_chart", "nps_chart_from_counts", "nps_difference_power", "nps_difference_sample_size",
    "nps_from_histogram", "nps_margin", "nps_sample_size", "nps_variance",
    "one_sided_normal_mixture_bound", "open_ledger", "paired_difference",
    "paired_difference_from_counts", "paths", "paths_from_counts", "peak_end",
    "peak_end_from_grams", "penalty_reward", "penalty_reward_from_gram",
    "performance_and_importance", "post_stratify", "post_stratify_from_counts", "promise_gap",
    "promise_gap_from_counts", "proportional_odds", "proportional_odds_from_counts", "rake",
    "rake_from_counts", "rank_confidence_sets", "response_rates", "response_rates_from_counts",
    "rising_themes", "rising_themes_from_counts", "rmst", "rmst_from_counts", "said_versus_done",
    "said_versus_done_from_counts", "sample_ratio", "sample_ratio_from_counts", "share_chart",
    "share_chart_from_counts", "share_difference_power", "share_difference_sample_size",
    "share_funnel", "share_funnel_from_counts", "share_limits", "share_margin",
    "share_sample_size", "shared_devices", "shared_devices_from_counts", "standardise",
    "stated_and_revealed", "stitched_bound", "suppress", "suppress_small_cells", "trim_weights",
    "unit_means", "unit_means_from_sums", "what_changed", "what_changed_from_histograms",
    "win_probability", "win_probability_from_histograms", "with_iso_week",
]
# fmt: on


def __getattr__(name: str) -> Any:
    """Import what is asked for; its type is in the imports above."""
    if name in _MODULE_OF:
        found = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        globals()[name] = found
        return found
    if name in _WHERE:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
