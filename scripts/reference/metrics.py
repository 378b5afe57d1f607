#!/usr/bin/env python3
"""Expected curves, their areas, calibration, confusions and operating points, from scikit-learn.

Writes fixtures/metrics/*.json, one case each: scores, truths (null if unknown), and the expected results. Youden's J is
compared as integers, so that rounding breaks no tie; NumPy's first maximum is the highest threshold. The best F1 and the
best sensitivity at a specificity are found by trying every score, in fractions. Expected calibration error is not in
scikit-learn: bins are filled here with NumPy, and compared with calibration_curve.
"""

import json
import pathlib
import warnings
from fractions import Fraction

import numpy as np
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    class_likelihood_ratios,
    confusion_matrix,
    f1_score,
    precision_recall_curve,
    precision_score,
    recall_score,
    roc_auc_score,
    roc_curve,
)

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "metrics"
TARGETS = [0.5, 0.8, 0.9, 0.95, 1.0]
BINNINGS = [("equal-width", n) for n in (1, 7, 10, 15)] + [("equal-mass", n) for n in (1, 4, 10, 15)]
STRATEGY = {"equal-width": "uniform", "equal-mass": "quantile"}


def point(truths, scores, threshold):
    called = scores >= threshold
    return {
        "threshold": float(threshold),
        "sensitivity": float((called & (truths == 1)).sum() / (truths == 1).sum()),
        "specificity": float((~called & (truths == 0)).sum() / (truths == 0).sum()),
    }


def roc(truths, scores):
    if len(set(truths)) < 2:
        return {"auroc": None, "curve": None, "youden": None, "targets": {str(t): None for t in TARGETS}}
    fpr, tpr, thresholds = roc_curve(truths, scores, drop_intermediate=False)
    positives, negatives = int(truths.sum()), int((truths == 0).sum())
    hits = np.rint(tpr[1:] * positives).astype(int)
    misses = np.rint(fpr[1:] * negatives).astype(int)
    best = int(np.argmax(hits * negatives - misses * positives))
    return {
        "auroc": float(roc_auc_score(truths, scores)),
        # The first threshold is "above all scores"; scikit-learn 1.2 writes it as max + 1, later versions as infinity.
        "curve": {"thresholds": thresholds[1:].tolist(), "fpr": fpr.tolist(), "tpr": tpr.tolist()},
        "youden": point(truths, scores, thresholds[1:][best]),
        "targets": {
            str(t): point(truths, scores, thresholds[1:][int(np.argmax(hits >= t * positives - 1e-9))])
            for t in TARGETS
        },
    }


def precision_recall(truths, scores):
    if truths.sum() == 0:
        # scikit-learn warns, and returns an area of 0 and a recall of 1.
        return {"average_precision": None, "precision_recall": None}
    precision, recall, thresholds = precision_recall_curve(truths, scores)
    return {
        "average_precision": float(average_precision_score(truths, scores)),
        "precision_recall": {
            "thresholds": thresholds[::-1].tolist(),
            "precision": precision[::-1].tolist(),
            "recall": recall[::-1].tolist(),
        },
    }


def quantiles(scores, count):
    """The inner bounds of `count` equal-mass bins, interpolated linearly, as fractions."""
    ordered = [Fraction(s) for s in np.sort(scores).tolist()]
    for k in range(1, count):
        rank = Fraction(k * (len(ordered) - 1), count)
        low = int(rank)
        high = min(low + 1, len(ordered) - 1)
        yield ordered[low] + (rank - low) * (ordered[high] - ordered[low])


def bin_of(kind, count, scores):
    """The bin of each score."""
    if kind == "equal-width":
        return np.digitize(scores, [k / count for k in range(1, count)], right=True)
    bounds = list(quantiles(scores, count))
    return np.array([sum(bound < s for bound in bounds) for s in scores.tolist()])


def is_rounded(kind, count, scores):
    """Whether a bound coincides with a score, which calibration_curve may then round to either side."""
    return kind == "equal-mass" and any(k * (len(scores) - 1) % count == 0 for k in range(1, count))


def binned(kind, count, truths, scores):
    bins = bin_of(kind, count, scores)
    rows, error = [], 0.0
    for inside in (bins == k for k in range(count)):
        size = int(inside.sum())
        if size == 0:
            rows.append([0, None, None])
            continue
        mean, observed = float(scores[inside].mean()), float(truths[inside].mean())
        rows.append([size, mean, observed])
        error += size / len(scores) * abs(observed - mean)
    if is_rounded(kind, count, scores):
        return {"kind": kind, "count": count, "bins": rows, "ece": error}
    shares, means = calibration_curve(truths, scores, n_bins=count, strategy=STRATEGY[kind], pos_label=1)
    filled = [row for row in rows if row[0] > 0]
    np.testing.assert_allclose([row[1] for row in filled], means, atol=1e-14)
    np.testing.assert_allclose([row[2] for row in filled], shares, atol=1e-14)
    return {"kind": kind, "count": count, "bins": rows, "ece": error}


def calibration(truths, scores):
    """None if the scores are not probabilities, or if there are none."""
    if len(scores) == 0 or scores.min() < 0 or scores.max() > 1:
        return {"brier": None, "calibration": None}
    return {
        "brier": float(brier_score_loss(truths, scores, pos_label=1)),
        "calibration": [binned(kind, count, truths, scores) for kind, count in BINNINGS],
    }


def figure(score, truths, called, **options):
    """A figure; None if it depends on what scikit-learn is told to return for a division by zero."""
    low, high = (float(score(truths, called, zero_division=z, **options)) for z in (0, 1))
    return low if low == high else None


def confusion(truths, scores, threshold):
    called = (scores >= threshold).astype(float)
    if len(scores) == 0:
        names = ["sensitivity", "specificity", "ppv", "npv", "f1", "accuracy"]
        names += ["positiveLikelihoodRatio", "negativeLikelihoodRatio"]
        return {"threshold": threshold, "counts": [0, 0, 0, 0], "figures": dict.fromkeys(names)}
    (tn, fp), (fn, tp) = confusion_matrix(truths, called, labels=[0, 1]).tolist()
    ratios = class_likelihood_ratios(truths, called, labels=[0, 1], raise_warning=False)
    positive, negative = (None if np.isnan(r) else float(r) for r in ratios)
    return {
        "threshold": threshold,
        "counts": [tp, fp, tn, fn],
        "figures": {
            "sensitivity": figure(recall_score, truths, called, pos_label=1),
            "specificity": figure(recall_score, truths, called, pos_label=0),
            "ppv": figure(precision_score, truths, called, pos_label=1),
            "npv": figure(precision_score, truths, called, pos_label=0),
            "f1": figure(f1_score, truths, called, pos_label=1),
            "accuracy": float(accuracy_score(truths, called)),
            "positiveLikelihoodRatio": positive,
            "negativeLikelihoodRatio": negative,
        },
    }


def confusions(truths, scores):
    """At scores, between them, and outside their range."""
    seen = np.unique(scores)
    if len(seen) == 0:
        return [confusion(truths, scores, 0.5)]
    middle, low, high = seen[len(seen) // 2], seen[0], seen[-1]
    tried = [low - 1, low, (low + middle) / 2, middle, (middle + high) / 2, high, high + 1]
    return [confusion(truths, scores, float(t)) for t in tried]


def fitted(truths, scores):
    """The thresholds with the best F1, and with the best sensitivity at each specificity."""
    if len(set(truths)) < 2:
        return {"f1_point": None, "specificities": {str(t): None for t in TARGETS}}
    tried = []
    for threshold in np.unique(scores):
        called = scores >= threshold
        tp, fp = int((called & (truths == 1)).sum()), int((called & (truths == 0)).sum())
        fn, tn = int((~called & (truths == 1)).sum()), int((~called & (truths == 0)).sum())
        tried.append((threshold, Fraction(2 * tp, 2 * tp + fp + fn), Fraction(tp, tp + fn), Fraction(tn, tn + fp)))
    best = max(tried, key=lambda row: (row[1], row[0]))
    specificities = {}
    for target in TARGETS:
        reaching = [row for row in tried if row[3] >= Fraction(str(target))]
        chosen = max(reaching, key=lambda row: (row[2], row[0]), default=None)
        specificities[str(target)] = None if chosen is None else point(truths, scores, chosen[0])
    return {"f1_point": point(truths, scores, best[0]), "specificities": specificities}


def cases():
    random = np.random.default_rng(20)
    for name, count, prevalence in [("random", 400, 0.3), ("rare", 500, 0.01), ("common", 200, 0.95)]:
        truths = (random.random(count) < prevalence).astype(float)
        yield name, truths, 1 / (1 + np.exp(-(random.normal(size=count) + 1.2 * truths - 1)))
    truths = (random.random(300) < 0.4).astype(float)
    yield "float32", truths, random.random(300).astype(np.float32).astype(float)
    yield "tied", truths, np.round(random.random(300) + 0.3 * truths, 1)
    yield "all-tied", np.array([1.0, 0, 0, 1, 0]), np.full(5, 0.25)
    yield "perfect", np.array([0.0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9])
    yield "inverted", np.array([1.0, 1, 0, 0]), np.array([0.1, 0.2, 0.8, 0.9])
    yield "equal-j", np.array([1.0, 0, 1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    yield "two", np.array([1.0, 0]), np.array([0.3, 0.7])
    yield "logits", np.array([0.0, 1, 0, 1, 1]), np.array([-7.5, -2, -2, 0, 31])
    yield "zeros", np.array([0.0, 1, 0, 1]), np.array([0.0, -0.0, -0.0, 0.0])
    unknown = (random.random(250) < 0.5).astype(float)
    unknown[random.random(250) < 0.3] = np.nan
    yield "unknown", unknown, random.random(250)
    yield "no-positive", np.array([0.0, 0, np.nan]), np.array([0.5, 0.1, 0.7])
    yield "no-negative", np.array([1.0, np.nan, 1]), np.array([0.5, 0.1, 0.7])
    yield "empty", np.array([]), np.array([])
    yield "nothing-known", np.array([np.nan, np.nan]), np.array([0.5, 0.1])
    coarse = np.round(0.05 * random.integers(0, 21, size=120), 2)
    yield "coarse", (random.random(120) < coarse).astype(float), coarse
    yield "certain", np.array([0.0, 1, 1, 0, 1, 0, 0]), np.array([0.0, 1, 1, 0, 0, 1, 0])
    # F1 is 2/3 at 0.9 and at 0.6.
    yield "equal-f1", np.array([1.0, 0, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    yield "one-example", np.array([1.0]), np.array([0.25])


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    for name, truths, scores in cases():
        known = ~np.isnan(truths)
        given = truths[known], scores[known]
        case = {
            "made_with": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
            "scores": scores.tolist(),
            "truths": [None if np.isnan(t) else t for t in truths],
            **roc(*given),
            **precision_recall(*given),
            **calibration(*given),
            "confusions": confusions(*given),
            **fitted(*given),
        }
        (OUT / f"{name}.json").write_text(json.dumps(case) + "\n")
