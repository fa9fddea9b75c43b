"""Who gets which arm, and whether those who got it are as many as planned."""

import hashlib
from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from kokemus.measure._frame import IntoFrame
from kokemus.measure._frame.experiments import count_arms
from kokemus.measure._sample_ratio import SampleRatio, check_ratio, read_shares

POINTS = 2**53  # as many as doubles between 0 and 1 hold exactly


def assign_arm(
    contact: str | int,
    *,
    experiment: str,
    arms: Mapping[str, float] | Sequence[str],
    salt: str = "",
) -> str:
    """Arm of a contact in an experiment, by hash: the same at every call, place and time.

    SHA-256 of the salt, the experiment and the contact as netstrings (length in bytes, a colon,
    the text in UTF-8, a comma); its first 53 bits over 2^53 are the contact's point, 0 up to 1; the
    arms divide that stretch in the order given, each as long as its share.

    Parameters
    ----------
    contact : str or int
        Identifier of the unit of randomisation: a contact, or a cluster (a shop, a flight).
    experiment : str
        Key of the experiment. Another key deals the contacts anew.
    arms : mapping of str to float, or sequence of str
        Arm to its weight, 0 or more; a sequence means equal weights.
    salt : str
        A secret of the organisation, where contacts must not be able to tell their arm.

    Returns
    -------
    str
        One of the arms.

    Raises
    ------
    ValueError
        There is no arm, a weight is negative or all are 0, an arm stands twice, or the contact or
        the experiment is empty.
    TypeError
        The contact is neither text nor a whole number.

    Notes
    -----
    Behaviour: none - an empty contact is an error, since all of them would share one arm; one arm
    or equal weights - as it says; missing - an error; weighted - by the arms' weights.

    Where it misleads: a changed weight moves the borders, and with them contacts who have already
    met an arm; keep the weights for the length of an experiment, or widen only the last arm at the
    cost of its neighbour. What the arm changes must not decide who is asked or answers: see
    `sample_ratio`.

    References
    ----------
    Kohavi, R., Tang, D. and Xu, Y. (2020). Trustworthy online controlled experiments. Cambridge.

    Examples
    --------
    >>> assign_arm("contact-1", experiment="shorter-mail", arms=["as now", "shorter"])
    'as now'
    >>> assign_arm("contact-2", experiment="later-mail", arms={"as now": 9, "later": 1})
    'as now'
    """
    weights = _read_arms(arms)
    point = _point(contact, experiment, salt)
    borders = np.cumsum(list(weights.values()))
    place = int(np.searchsorted(borders, point * borders[-1], side="right"))
    return list(weights)[place]


def sample_ratio(
    frame: IntoFrame,
    *,
    arm: str = "arm",
    answered: str | None = None,
    shares: Mapping[Hashable, float] | None = None,
    cluster: str | None = None,
) -> SampleRatio:
    """Whether the arms are as large as planned, and whether they answer equally often.

    An experiment whose arms are not as large as its plan has lost or gained contacts for a reason
    that has to do with the arm, and then those left are no longer comparable. A survey can lose
    them twice: at the asking and at the answering. Two group-bys, with `cluster` three.

    Parameters
    ----------
    frame : any eager or lazy frame that Narwhals knows
        One row per contact that was assigned, whether it answered or not.
    arm : str
        Column with the arm. Rows without one are counted as unassigned.
    answered : str, optional
        Column that is not null (nor NaN) where the contact answered, such as the score.
    shares : mapping, optional
        Arm to its planned share or weight, over 0; equal without it.
    cluster : str, optional
        Column of the unit of randomisation, where that is more than a row. Then clusters are
        counted, and the answering has cluster-robust variances.

    Returns
    -------
    SampleRatio

    Raises
    ------
    UnknownColumn
        A column is not there.
    UnknownArm
        The plan has an arm that the frame has not, or the other way round.
    SplitClusters
        A cluster has rows in two arms, so it was not the unit of randomisation.

    Notes
    -----
    Behaviour: none, one - "cannot tell" where an arm is expected to have under 5; equal - as
    planned; missing - rows without arm, and without cluster, are counted in ``.unassigned``;
    weighted - not offered: the check is of heads.

    Where it misleads: it raises a false alarm in 1 of 1,000 sound experiments for the sizes and
    as often for the answering; checked every day, oftener. That it is silent does not prove the
    experiment sound: equal counts of different people look the same.

    References
    ----------
    Fabijan, A. et al. (2019). Diagnosing sample ratio mismatch in online controlled experiments.
    KDD 2019, 2156-2164.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"arm": ["a"] * 500 + ["b"] * 400, "score": [9, None] * 450})
    >>> print(sample_ratio(frame, answered="score"))
    Sample ratio: mismatch (assigned a 500, b 400; planned 50.0 %, 50.0 %; p 0.00086).
    Answering: alike in all arms (a 50.0 %, b 50.0 %; p 1).
    """
    counts = count_arms(frame, arm=arm, answered=answered, cluster=cluster)
    return check_ratio(counts, shares=shares, has_answers=answered is not None)


def sample_ratio_from_counts(
    assigned: Mapping[Hashable, float],
    *,
    answers: Mapping[Hashable, float] | None = None,
    shares: Mapping[Hashable, float] | None = None,
) -> SampleRatio:
    """Whether the arms are as large as planned, from their counts.

    Parameters
    ----------
    assigned : mapping
        Arm to how many were assigned to it.
    answers : mapping, optional
        Arm to how many of them answered.
    shares : mapping, optional
        As for `sample_ratio`.

    Returns
    -------
    SampleRatio

    Raises
    ------
    UnknownArm
        The mappings have different arms.
    ValueError
        A count is negative, or there are more answers than assigned.

    Examples
    --------
    >>> print(sample_ratio_from_counts({"old": 821588, "new": 815482}))
    Sample ratio: mismatch (assigned old 821,588, new 815,482; planned 50.0 %, 50.0 %; p 1.8e-06).
    """
    from kokemus.measure._sample_ratio import ArmCounts, check_same_arms

    if answers is not None:
        check_same_arms(answers, list(assigned))
    counts = [
        ArmCounts.of_rows(arm, n, answers[arm] if answers is not None else 0.0)
        for arm, n in assigned.items()
    ]
    return check_ratio(counts, shares=shares, has_answers=answers is not None)


def _read_arms(arms: Mapping[str, float] | Sequence[str]) -> dict[str, float]:
    if isinstance(arms, Mapping):
        return read_shares(arms, list(arms))
    if len(set(arms)) != len(arms):
        raise ValueError(f"an arm stands twice: {list(arms)}")
    return read_shares(dict.fromkeys(arms, 1.0), list(arms))


def _point(contact: str | int, experiment: str, salt: str) -> float:
    if isinstance(contact, bool) or not isinstance(contact, str | int):
        raise TypeError(f"a contact is text or a whole number, not {contact!r}")
    parts = [salt.encode(), experiment.encode(), str(contact).encode()]
    if not parts[1] or not parts[2]:
        raise ValueError(f"neither may be empty: {experiment=}, {contact=}")
    hashed = hashlib.sha256(b"".join(b"%d:%s," % (len(part), part) for part in parts)).digest()
    return (int.from_bytes(hashed[:8], "big") >> 11) / POINTS
