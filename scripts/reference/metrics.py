#!/usr/bin/env python3
"""Expected ROC curves, their areas and operating points, from scikit-learn.

Writes fixtures/metrics/*.json, a case each: scores, truths (null where nothing is known), and what must come out.
Youden's J is compared as whole numbers, so that rounding breaks no tie; NumPy's first maximum is the highest threshold.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.metrics import roc_auc_score, roc_curve

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "metrics"
TARGETS = [0.5, 0.8, 0.9, 0.95, 1.0]


def point(truths, scores, threshold):
    called = scores >= threshold
    return {
        "threshold": float(threshold),
        "sensitivity": float((called & (truths == 1)).sum() / (truths == 1).sum()),
        "specificity": float((~called & (truths == 0)).sum() / (truths == 0).sum()),
    }


def expected(truths, scores):
    if len(set(truths)) < 2:
        return {"auroc": None, "curve": None, "youden": None, "targets": {str(t): None for t in TARGETS}}
    fpr, tpr, thresholds = roc_curve(truths, scores, drop_intermediate=False)
    positives, negatives = int(truths.sum()), int((truths == 0).sum())
    hits = np.rint(tpr[1:] * positives).astype(int)
    misses = np.rint(fpr[1:] * negatives).astype(int)
    best = int(np.argmax(hits * negatives - misses * positives))
    return {
        "auroc": float(roc_auc_score(truths, scores)),
        # The first threshold is "above all scores"; scikit-learn 1.2 writes it as max + 1, later ones as infinity.
        "curve": {"thresholds": thresholds[1:].tolist(), "fpr": fpr.tolist(), "tpr": tpr.tolist()},
        "youden": point(truths, scores, thresholds[1:][best]),
        "targets": {
            str(t): point(truths, scores, thresholds[1:][int(np.argmax(hits >= t * positives - 1e-9))])
            for t in TARGETS
        },
    }


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


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, truths, scores in cases():
        known = ~np.isnan(truths)
        case = {
            "made_with": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
            "scores": scores.tolist(),
            "truths": [None if np.isnan(t) else t for t in truths],
            **expected(truths[known], scores[known]),
        }
        (OUT / f"{name}.json").write_text(json.dumps(case) + "\n")
