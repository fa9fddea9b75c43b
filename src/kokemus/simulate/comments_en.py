"""What is said in English (being written)."""

from kokemus.simulate.comments_fi import FINNISH

ENGLISH = FINNISH
