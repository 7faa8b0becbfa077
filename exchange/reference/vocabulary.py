"""Letters that count as one when a classifier is searched."""

from __future__ import annotations

# A Kazakh letter finds its Russian neighbour and back: the names of regions are written both ways.
SAME_LETTERS = str.maketrans("ёәғқңөұүһі", "еагкноуухи")
