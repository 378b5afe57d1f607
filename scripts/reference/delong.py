#!/usr/bin/env python3
"""Expected variances, intervals and tests of AUROCs, weighted figures, and the normal distribution.

Writes fixtures/intervals/*.json:
  delong.json       DeLong's structural components by their definition, every positive against every negative (O(m n)),
                    in fractions, so that the moments are exact; SciPy's midranks must give the same components.
  published.json    The ovarian cancer data of DeLong, DeLong & Clarke-Pearson (1988), without the six records that lack
                    a value, as the SAS/STAT User's Guide gives them (PROC LOGISTIC, "Comparing Receiver Operating
                    Characteristic Curves"), and what SAS prints for two of the tests. The data are checked against the
                    guide; its output is quoted from memory, and must equal the definition in all four digits.
  weighted.json     scikit-learn's roc_auc_score and average_precision_score with sample_weight.
  normal.json       Probabilities and quantiles to 30 digits, by mpmath.
  percentiles.json  NumPy's percentiles, which interpolate linearly.
  holm.json         statsmodels' multipletests(method="holm").
  wilson.json       statsmodels' proportion_confint(method="wilson").
"""

import json
import math
import pathlib
from fractions import Fraction

import mpmath
import numpy as np
import scipy
import sklearn
import statsmodels
from scipy.stats import norm, rankdata
from sklearn.metrics import average_precision_score, roc_auc_score
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "intervals"
LEVELS = [0.8, 0.95, 0.99]


def components(scores, truths):
    """V10 of the positives and V01 of the negatives (DeLong et al. 1988, equations 3 and 4), as fractions."""
    x, y = scores[truths == 1], scores[truths == 0]
    doubled = 2 * (x[:, None] > y[None, :]) + (x[:, None] == y[None, :])
    v10 = [Fraction(int(row.sum()), 2 * len(y)) for row in doubled]
    v01 = [Fraction(int(column.sum()), 2 * len(x)) for column in doubled.T]
    both = rankdata(np.concatenate([x, y]))
    assert np.allclose((both[: len(x)] - rankdata(x)) / len(y), [float(v) for v in v10], atol=1e-12)
    assert np.allclose(1 - (both[len(x) :] - rankdata(y)) / len(x), [float(v) for v in v01], atol=1e-12)
    return v10, v01


def covariance(a, b):
    """S10 / m + S01 / n; None if a class has only one example."""
    total = Fraction(0)
    for u, v in zip(a, b):
        if len(u) < 2:
            return None
        mean_u, mean_v = sum(u) / len(u), sum(v) / len(v)
        total += sum((p - mean_u) * (q - mean_v) for p, q in zip(u, v)) / (len(u) - 1) / len(u)
    return total


def plain(centre, error, level, lowest):
    reach = norm.ppf((1 + level) / 2) * error
    return [max(lowest, centre - reach), min(1.0, centre + reach)]


def logit(area, error, level):
    if area in (0, 1):
        return None
    centre = math.log(area / (1 - area))
    reach = norm.ppf((1 + level) / 2) * error / (area * (1 - area))
    return [1 / (1 + math.exp(-(centre - reach))), 1 / (1 + math.exp(-(centre + reach)))]


def single(parts):
    area, variance = sum(parts[0]) / len(parts[0]), covariance(parts, parts)
    known = variance is not None
    error = math.sqrt(variance) if known else None
    return {
        "auroc": float(area),
        "variance": float(variance) if known else None,
        "plain": {str(t): plain(float(area), error, t, 0.0) if known else None for t in LEVELS},
        "logit": {str(t): logit(float(area), error, t) if known else None for t in LEVELS},
    }


def paired(a, b):
    both = covariance(a, b)
    if both is None:
        return None
    variance = covariance(a, a) + covariance(b, b) - 2 * both
    difference = sum(a[0]) / len(a[0]) - sum(b[0]) / len(b[0])
    row = {"difference": float(difference), "covariance": float(both), "error": math.sqrt(variance)}
    if variance == 0:
        row["z"], row["p"] = (0.0, 1.0) if difference == 0 else (None, None)
        row["interval"] = {str(t): [0.0, 0.0] if difference == 0 else None for t in LEVELS}
        return row
    z = float(difference) / math.sqrt(variance)
    intervals = {str(t): plain(float(difference), math.sqrt(variance), t, -1.0) for t in LEVELS}
    return {**row, "z": z, "p": float(2 * norm.sf(abs(z))), "interval": intervals}


def delong_cases():
    random = np.random.default_rng(88)

    def binormal(name, positives, negatives, shift, share, digits=None):
        truths = random.permutation(np.repeat([1.0, 0.0], [positives, negatives]))
        common = random.normal(size=truths.size)
        first, second = (
            share * common + random.normal(size=truths.size) + s * truths for s in (shift, 0.7 * shift)
        )
        if digits is not None:
            first, second = np.round(first, digits), np.round(second, digits)
        return name, truths, first, second

    yield binormal("balanced", 60, 60, 1.2, 1.0)
    yield binormal("rare", 5, 300, 1.5, 2.0)
    yield binormal("common", 150, 4, 1.0, 0.5)
    yield binormal("tied", 40, 70, 1.0, 1.0, 0)
    yield binormal("no better than chance", 50, 50, 0.0, 1.0)
    yield binormal("far apart", 150, 150, 3.0, 0.2)
    name, truths, first, second = binormal("unknown", 60, 80, 1.0, 1.0, 1)
    truths[random.random(140) < 0.3] = np.nan
    yield name, truths, first, second
    name, truths, first, _ = binormal("worse than worse", 100, 100, 2.0, 0.0)
    yield name, truths, first, -first
    name, truths, first, _ = binormal("the same ranks", 20, 30, 1.0, 1.0, 1)
    yield name, truths, first, first**3 + 1
    yield "two of each", np.array([1.0, 0, 1, 0]), np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.1, 0.3, 0.2, 0.3])
    yield "perfect and worst", np.array([1.0, 0, 1, 0]), np.array([4.0, 1, 3, 2]), np.array([1.0, 4, 2, 3])
    yield "perfect and near", np.array([0.0, 0, 0, 1, 1, 1]), np.arange(6.0), np.array([0.0, 1, 3, 2, 4, 5])
    yield "all tied", np.array([1.0, 0, 1, 0, 0]), np.zeros(5), np.array([0.0, -0.0, -0.0, 0.0, 0.0])
    yield "one positive", np.array([1.0, 0, 0]), np.array([0.5, 0.4, 0.6]), np.array([0.7, 0.4, 0.6])
    yield "one negative", np.array([1.0, 1, 0]), np.array([0.5, 0.4, 0.6]), np.array([0.7, 0.4, 0.6])
    yield "no positive", np.array([0.0, 0, np.nan]), np.array([0.5, 0.4, 0.6]), np.array([0.7, 0.4, 0.6])
    yield "no negative", np.array([1.0, np.nan, 1]), np.array([0.5, 0.4, 0.6]), np.array([0.7, 0.4, 0.6])


def delong():
    for name, truths, first, second in delong_cases():
        known = ~np.isnan(truths)
        row = {
            "name": name,
            "truths": [None if np.isnan(t) else t for t in truths],
            "first": first.tolist(),
            "second": second.tolist(),
        }
        if len(set(truths[known])) < 2:
            yield {**row, "areas": None, "paired": None}
            continue
        a, b = (components(scores[known], truths[known]) for scores in (first, second))
        yield {**row, "areas": [single(a), single(b)], "paired": paired(a, b)}


# Albumin, total protein, K-G score, and whether surgery helped.
OVARIAN = """
3.0 5.8 10 0  3.2 6.3 5 1  3.9 6.8 3 1  2.8 4.8 6 0  3.2 5.8 3 1  0.9 4.0 5 0  2.5 5.7 8 0  1.6 5.6 5 1
3.8 5.7  5 1  3.7 6.7 6 1  3.2 5.4 4 1  3.8 6.6 6 1  4.1 6.6 5 1  3.6 5.7 5 1  4.3 7.0 4 1  3.6 6.7 4 0
2.3 4.4  6 1  4.2 7.6 4 0  4.0 6.6 6 0  3.5 5.8 6 1  3.8 6.8 7 1  3.0 4.7 8 0  4.5 7.4 5 1  3.7 7.4 5 1
3.1 6.6  6 1  4.1 8.2 6 1  4.3 7.0 5 1  4.3 6.5 4 1  3.2 5.1 5 1  2.6 4.7 6 1  3.3 6.8 6 0  1.7 4.0 7 0
3.7 6.1  5 1  3.3 6.3 7 1  4.2 7.7 6 1  3.5 6.2 5 1  2.9 5.7 9 0  2.1 4.8 7 1  2.8 6.2 8 0  4.0 7.0 7 1
3.3 5.7  6 1  3.7 6.9 5 1  3.6 6.6 5 1
"""


def published():
    rows = np.array(OVARIAN.split(), dtype=float).reshape(-1, 4)
    case = {
        "truths": rows[:, 3].tolist(),
        # As printed by SAS: area, standard error, 95 % Wald interval. A high K-G score is bad, so its sign is reversed.
        "tests": [
            {"name": "K-G score", "scores": (10 - rows[:, 2]).tolist(), "printed": [0.7258, 0.1028, 0.5243, 0.9273]},
            {"name": "total protein", "scores": rows[:, 1].tolist(), "printed": [0.6478, 0.1000, 0.4518, 0.8439]},
        ],
    }
    for test in case["tests"]:
        area = single(components(np.array(test["scores"]), rows[:, 3]))
        figures = [area["auroc"], math.sqrt(area["variance"]), *area["plain"]["0.95"]]
        assert np.round(figures, 4).tolist() == test["printed"]
    return case


def weighted():
    random = np.random.default_rng(12)
    for name, count, prevalence, digits in [
        ("continuous", 300, 0.3, None),
        ("tied", 300, 0.4, 1),
        ("rare", 400, 0.02, None),
        ("all tied", 40, 0.5, -3),
        ("unknown", 300, 0.4, 1),
    ]:
        truths = (random.random(count) < prevalence).astype(float)
        scores = random.normal(size=count) + truths
        scores = scores if digits is None else np.round(scores, digits) + 0.0
        if name == "unknown":
            truths[random.random(count) < 0.3] = np.nan
        known = ~np.isnan(truths)
        for kind, weights in [
            ("ones", np.ones(count)),
            ("drawn", np.bincount(random.integers(0, count, count), minlength=count).astype(float)),
            ("fractions", random.random(count) * 3),
            ("mostly zero", np.where(random.random(count) < 0.8, 0.0, random.integers(1, 4, count))),
        ]:
            # An irrelevant weight where the label is unknown.
            given = truths[known], scores[known]
            yield {
                "name": f"{name}, {kind}",
                "truths": [None if np.isnan(t) else t for t in truths],
                "scores": scores.tolist(),
                "weights": weights.tolist(),
                "auroc": float(roc_auc_score(*given, sample_weight=weights[known])),
                "averagePrecision": float(average_precision_score(*given, sample_weight=weights[known])),
            }


def normal():
    x = [0.0, 1e-9, 0.1, 0.5, 0.6744897, 0.67449, 1.0, 1.959963984540054, 3.0, 4.5, 5.6568, 5.657, 8.0, 12.0, 25.0, 37.0]
    x = sorted([-v for v in x[1:]] + x)
    p = [1e-300, 1e-100, 1e-20, 1e-11, 1.3e-11, 1.5e-11, 1e-6, 0.001, 0.025, 0.0749, 0.0751, 0.2, 0.4999, 0.5]
    p = p + [0.6, 0.8, 0.9249, 0.9251, 0.95, 0.975, 0.99, 0.995, 0.999999, 1 - 1e-12]
    mpmath.mp.dps = 30

    def quantile(chance):
        # Use the logarithm, so that small probabilities have as steep a slope as large ones.
        return mpmath.findroot(lambda at: mpmath.log(mpmath.ncdf(at) / mpmath.mpf(chance)), norm.ppf(chance))

    return {"x": x, "cdf": [float(mpmath.ncdf(v)) for v in x], "p": p, "quantile": [float(quantile(v)) for v in p]}


def percentiles():
    random = np.random.default_rng(5)
    for count in (1, 2, 3, 40, 999):
        values = random.normal(size=count)
        ends = {str(t): np.percentile(values, [50 * (1 - t), 50 * (1 + t)]).tolist() for t in LEVELS}
        yield {"values": values.tolist(), "intervals": ends}


def holm():
    random = np.random.default_rng(8)
    for values in [[0.01], [0.04, 0.01, 0.03], [0.5, 0.5, 0.5], [0.0, 1.0, 0.2], random.random(14) ** 4]:
        values = np.array(values)
        yield {"values": values.tolist(), "adjusted": multipletests(values, method="holm")[1].tolist()}


def wilson():
    for hits, count in [(0, 1), (1, 1), (0, 20), (3, 20), (20, 20), (1, 1000), (499, 1000), (7, 7)]:
        ends = {str(t): [float(end) for end in proportion_confint(hits, count, 1 - t, "wilson")] for t in LEVELS}
        yield {"hits": hits, "count": count, "intervals": ends}


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    made_with = {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "mpmath": mpmath.__version__,
    }
    for name, cases in [("holm", list(holm())), ("wilson", list(wilson()))]:
        content = {"made_with": {"statsmodels": statsmodels.__version__}, "cases": cases}
        (OUT / f"{name}.json").write_text(json.dumps(content) + "\n")
    for name, content in [
        ("delong", {"cases": list(delong())}),
        ("published", published()),
        ("weighted", {"cases": list(weighted())}),
        ("normal", normal()),
        ("percentiles", {"cases": list(percentiles())}),
    ]:
        (OUT / f"{name}.json").write_text(json.dumps({"made_with": made_with, **content}) + "\n")
