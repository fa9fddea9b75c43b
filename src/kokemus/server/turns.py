"""How the threads of one process share its interpreter."""

from __future__ import annotations

import sys

TURN_SECONDS = 0.0005


def take_short_turns() -> None:
    """Let a thread that waits for the interpreter have it after half a millisecond, not five.

    A thread hands the interpreter over at each call of the database and then waits for a whole
    turn of one that computes. Fifty calls in a transaction were a quarter of a second in which
    nobody else could write.
    """
    sys.setswitchinterval(TURN_SECONDS)
