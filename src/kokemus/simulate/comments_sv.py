"""What is said in Swedish (being written)."""

from kokemus.simulate.comments_fi import FINNISH

SWEDISH = FINNISH
