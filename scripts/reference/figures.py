#!/usr/bin/env python3
"""Expected values of every figure in the evaluation's tables, from scikit-learn and NumPy.

Reads fixtures/figures/*.json, one file per figure, named after its field in JSON. `reference` is the figure as a Python
expression; this script evaluates it for the cases of fixtures/metrics/ and adds `expected`. To add a figure, write a file
that contains only its `reference`, and run this script.

An expression sees:
  np, metrics     NumPy and sklearn.metrics
  t, p            truths (0 or 1) and probabilities of the images whose truth is known, as arrays
  called          1 where p >= 0.5, else 0
  tp, fp, tn, fn  integers at that threshold
The value is null if the expression divides by 0 or gives NaN. Cases with only one class, or with scores that are not
probabilities, are left out.
"""

import json
import math
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures"


def cases():
    for path in sorted((FIXTURES / "metrics").glob("*.json")):
        case = json.loads(path.read_text())
        known = [(t, p) for t, p in zip(case["truths"], case["scores"]) if t is not None]
        t, p = (np.array(values) for values in zip(*known)) if known else (np.array([]), np.array([]))
        if len(set(t)) == 2 and p.min() >= 0 and p.max() <= 1:
            yield path.stem, t, p


def value(reference, t, p):
    called = (p >= 0.5).astype(int)
    tn, fp, fn, tp = metrics.confusion_matrix(t, called, labels=[0, 1]).ravel().tolist()
    names = {"np": np, "metrics": metrics, "t": t, "p": p, "called": called, "tp": tp, "fp": fp, "tn": tn, "fn": fn}
    try:
        result = float(eval(reference, names))
    except ZeroDivisionError:
        return None
    return None if math.isnan(result) else result


def main():
    warnings.simplefilter("ignore")
    for path in sorted((FIXTURES / "figures").glob("*.json")):
        reference = json.loads(path.read_text())["reference"]
        figure = {
            "reference": reference,
            "made_with": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
            "expected": {name: value(reference, t, p) for name, t, p in cases()},
        }
        path.write_text(json.dumps(figure, indent=1) + "\n")


main()
