#!/usr/bin/env python3
"""Expected calibrations, from SciPy and scikit-learn.

Writes fixtures/calibration/*.json, one case each: logits, truths (null if unknown), the parameters of each calibration
(null if there is none), and the probabilities of probes: some of the logits, and points between and beyond them.

Temperature and Platt's scaling are found by SciPy's minimisers and then polished to the last digits as roots of the
loss's gradient, since a minimum alone determines only half of the digits. Platt's are also compared with scikit-learn's
own fits, which stop early: LogisticRegression(penalty=None) for plain targets, _SigmoidCalibration for smoothed ones.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.optimize import brentq, minimize, minimize_scalar, root
from scipy.special import expit, log_expit
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "calibration"


def loss(u, targets):
    return -(targets * log_expit(u) + (1 - targets) * log_expit(-u)).sum()


def gradient(u, targets):
    """With respect to u, avoiding the difference of almost equal numbers."""
    return (1 - targets) * expit(u) - targets * expit(-u)


def temperature(logits, truths):
    unit = np.abs(logits).max()
    z = logits / unit if unit > 0 else logits
    wrong = ((z > 0) & (truths == 0)) | ((z < 0) & (truths == 1))
    if not wrong.any() or (z * (0.5 - truths)).sum() >= 0:
        return None
    found = minimize_scalar(
        lambda log_beta: loss(z * np.exp(log_beta), truths), bounds=(-20, 20), method="bounded", options={"xatol": 1e-12}
    )
    low, high = np.exp(found.x) * 0.99, np.exp(found.x) * 1.01
    beta = brentq(lambda b: (z * gradient(z * b, truths)).sum(), low, high, xtol=1e-300, rtol=1e-15)
    assert abs(beta / np.exp(found.x) - 1) < 1e-6, (beta, np.exp(found.x))
    return float(unit / beta)


def platt(logits, truths, targets):
    """Slope and intercept, fitted on centred and scaled logits, on which the minimisers work well."""
    mean, spread = logits.mean(), logits.std()
    x = (logits - mean) / spread

    def slopes(ab):
        g = gradient(ab[0] * x + ab[1], targets)
        return np.array([(g * x).sum(), g.sum()])

    def curvatures(ab):
        p = expit(ab[0] * x + ab[1])
        w = p * (1 - p)
        return np.array([[(w * x * x).sum(), (w * x).sum()], [(w * x).sum(), w.sum()]])

    start = minimize(lambda ab: loss(ab[0] * x + ab[1], targets), np.zeros(2), jac=slopes, method="BFGS").x
    found = root(slopes, start, jac=curvatures, method="hybr", options={"xtol": 1e-15})
    a, b = found.x - np.linalg.solve(curvatures(found.x), slopes(found.x))
    assert np.abs(slopes([a, b])).max() < 1e-11 * len(x), (start, found, slopes([a, b]))
    if set(targets) <= {0.0, 1.0}:
        fit = LogisticRegression(penalty=None, solver="newton-cholesky", tol=1e-9, max_iter=1000).fit(x[:, None], truths)
        other = np.array([fit.coef_[0, 0], fit.intercept_[0]])
    else:
        fit = _SigmoidCalibration().fit(x, truths)
        other = -np.array([fit.a_, fit.b_])
    assert np.allclose([a, b], other, rtol=1e-3, atol=1e-4), (a, b, other)
    return {"slope": float(a / spread), "intercept": float(b - a * mean / spread)}


def smoothed(truths):
    positives, negatives = (truths == 1).sum(), (truths == 0).sum()
    return np.where(truths == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))


def overlap(logits, truths):
    up, down = logits[truths == 1], logits[truths == 0]
    return up.min() < down.max() and down.min() < up.max()


def expected(logits, truths, probes):
    if len(set(truths)) < 2:
        return dict.fromkeys(["temperature", "smoothed", "plain", "isotonic"])
    t = temperature(logits, truths)
    by_target = {
        "smoothed": platt(logits, truths, smoothed(truths)),
        "plain": platt(logits, truths, truths) if overlap(logits, truths) else None,
    }
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(logits, truths)
    return {
        "temperature": None if t is None else {"temperature": t, "probabilities": expit(probes / t).tolist()},
        **{
            name: None
            if ab is None
            else {**ab, "probabilities": expit(ab["slope"] * probes + ab["intercept"]).tolist()}
            for name, ab in by_target.items()
        },
        "isotonic": {
            "scores": isotonic.X_thresholds_.tolist(),
            "values": isotonic.y_thresholds_.tolist(),
            "probabilities": isotonic.predict(probes).tolist(),
        },
    }


def probes_of(logits):
    if len(logits) == 0:
        return np.array([0.0])
    ordered = np.unique(logits)[:: max(1, len(np.unique(logits)) // 40)]
    between = ordered[:-1] + np.diff(ordered) * 0.3
    reach = 1 + np.abs(logits).max()
    return np.concatenate([ordered, between, [ordered[0] - reach, ordered[-1] + reach, 0.0]])


def cases():
    random = np.random.default_rng(21)

    def drawn(count, prevalence, slope=1.5, shift=-1.0):
        truths = (random.random(count) < prevalence).astype(float)
        return np.round(slope * (random.normal(size=count) + 1.2 * truths) + shift, 6), truths

    yield "random", *drawn(300, 0.3)
    yield "rare", *drawn(400, 0.02, 1.0, -3.0)
    yield "common", *drawn(200, 0.95)
    yield "overconfident", *drawn(300, 0.4, 8.0, -4.0)
    yield "underconfident", *drawn(300, 0.4, 0.05, -0.03)
    yield "shifted", *drawn(200, 0.3, 1.0, 1000.0)
    logits, truths = drawn(250, 0.4)
    yield "tied", np.round(logits), truths
    yield "float32", logits.astype(np.float32).astype(float), truths
    yield "two-values", np.where(logits > 0, 1.5, -0.5), truths
    logits, truths = drawn(200, 0.5)
    yield "inverted", -logits, truths
    logits, truths = drawn(200, 0.5)
    yield "large", logits * 5000, truths
    logits, truths = drawn(100, 0.5)
    yield "tiny-logits", logits * 1e-9, truths
    logits, truths = drawn(120, 0.4)
    yield "outlier", np.concatenate([logits, [4e4, -3e4]]), np.concatenate([truths, [1.0, 0.0]])
    logits = np.round(np.linspace(-6, 6, 80), 6)
    truths = (logits > 0.5).astype(float)
    yield "separable", logits, truths
    nearly = truths.copy()
    first = int(np.argmax(truths))
    nearly[[first - 1, first]] = [1, 0]
    yield "nearly-separable", logits, nearly
    yield "touching", np.array([-1.0, 0, 0, 1]), np.array([0.0, 0, 1, 1])
    yield "three", np.array([0.3, -0.7, 1.1]), np.array([1.0, 1, 0])
    yield "two", np.array([-0.3, 0.7]), np.array([0.0, 1])
    yield "two-inverted", np.array([-0.3, 0.7]), np.array([1.0, 0])
    # Full Newton steps would diverge here with smoothed targets.
    logits = np.array([-1.8, 32.3, 1.2, 3.2, 4.7, 1.5, -3.2, 2.3, 81, 5.7, 33.1, 2.1, 43, -1425.4, 1.4])
    yield "far-out", logits, (logits < -1000).astype(float)
    logits, truths = drawn(250, 0.4)
    truths[random.random(250) < 0.3] = np.nan
    yield "unknown", logits, truths
    yield "no-positive", np.array([0.5, -0.1, 0.7]), np.array([0.0, 0, np.nan])
    yield "no-negative", np.array([0.5, -0.1, 0.7]), np.array([1.0, np.nan, 1])
    yield "empty", np.array([]), np.array([])
    yield "nothing-known", np.array([0.5, 0.1]), np.array([np.nan, np.nan])


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, logits, truths in cases():
        known = ~np.isnan(truths)
        probes = probes_of(logits[known])
        case = {
            "made_with": {
                "scikit-learn": sklearn.__version__,
                "scipy": scipy.__version__,
                "numpy": np.__version__,
            },
            "logits": logits.tolist(),
            "truths": [None if np.isnan(t) else t for t in truths],
            "probes": probes.tolist(),
            **expected(logits[known], truths[known], probes),
        }
        (OUT / f"{name}.json").write_text(json.dumps(case) + "\n")
