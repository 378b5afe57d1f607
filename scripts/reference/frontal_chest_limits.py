"""The limits of the check `frontal-chest`, and what it decides with them.

They are chosen by three rules from the probabilities of pictures that the network has not seen:

- a picture is refused below the highest limit that refuses at most 0.5 % of the strongly changed X-rays;
- it is warned about below the limit that leaves most room to the check's two goals, that at most 1 % of the mildly
  changed X-rays and at least 98 % of the pictures without a chest are flagged: the greater of the two errors, each as
  a share of what its goal allows, is smallest there;
- a mirrored chest is warned about from the lowest odds that take at most 0.5 % of the mildly changed X-rays for
  mirrored ones.
"""
from typing import NamedTuple

import numpy as np

REFUSE = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
UNSURE = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
ODDS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
STRONG_REFUSED, MILD_MIRRORED = 0.005, 0.005
MILD_FLAGGED, OTHERS_PASSED = 0.01, 0.02
UPRIGHT, MIRRORED = 0, 4


class Limits(NamedTuple):
    refused_below: float
    unsure_below: float
    mirrored_odds: float


def upright(found, odds):
    """Which of N × 17 probabilities count as upright: a mirrored chest does if it may as well be an upright one."""
    pose = found[:, :16].argmax(1)
    return (pose == UPRIGHT) | ((pose == MIRRORED) & (found[:, MIRRORED] < odds * found[:, UPRIGHT]))


def outcomes(found, limits):
    """Of N × 17 probabilities: which pass, which are warned about, which are refused, as the check decides."""
    chest = 1 - found[:, 16]
    refused = chest < limits.refused_below
    passed = ~refused & (chest >= limits.unsure_below) & upright(found, limits.mirrored_odds)
    return passed, ~passed & ~refused, refused


def inverted(found, limits):
    """Which of N × 17 probabilities the check `inverted` warns about."""
    share = found[:, 8:16].sum(1) / np.maximum(found[:, :16].sum(1), 1e-300)
    return (share >= 0.5) & (1 - found[:, 16] >= limits.unsure_below)


def chosen(mild, strong, others):
    """The limits that the rules choose from the probabilities of X-rays, changed mildly and strongly, and of the rest."""
    refused_below = max(limit for limit in REFUSE if (1 - strong[:, 16] < limit).mean() <= STRONG_REFUSED)
    odds = min(odds for odds in ODDS if (mild[:, :16].argmax(1) == MIRRORED)[~upright(mild, odds)].sum() <= MILD_MIRRORED * len(mild))

    def worst(limit):
        passed = outcomes(others, Limits(refused_below, limit, odds))[0].mean()
        return max((1 - mild[:, 16] < limit).mean() / MILD_FLAGGED, passed / OTHERS_PASSED)

    return Limits(refused_below, min(UNSURE, key=worst), odds)


def cross_fitted(folds):
    """For each fold the limits that the other folds' probabilities choose, and at the end those that all of them choose."""

    def of(parts):
        rest = [found for part in parts for name, found in part.items() if ": " in name]
        return chosen(*(np.concatenate([part[name] for part in parts]) for name in ("mild", "strong")), np.concatenate(rest))

    return [*(of(folds[:fold] + folds[fold + 1 :]) for fold in range(len(folds))), of(folds)]
