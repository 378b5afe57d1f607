"""How alike two heatmaps are: SciPy's rank correlation, and the share of the hottest tenth that both have.

Writes fixtures/study/likeness.json: pairs of maps, with ties, zeros and flat maps among them.
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "study" / "likeness.json"


def hottest_tenth(values):
    order = np.argsort(-values, kind="stable")[: int(np.ceil(len(values) / 10))]
    return {int(i) for i in order if values[i] > 0}


def case(name, a, b):
    flat = np.ptp(a) == 0 or np.ptp(b) == 0
    hot = hottest_tenth(a)
    return {
        "name": name,
        "a": a.tolist(),
        "b": b.tolist(),
        "correlation": 0.0 if flat else float(spearmanr(a, b)[0]),
        "shared": len(hot & hottest_tenth(b)) / len(hot) if hot else 0.0,
    }


def cases():
    random = np.random.default_rng(16)
    base = random.random(49).round(6)
    yield case("independent", base, random.random(49).round(6))
    yield case("alike", base, (base + 0.2 * random.random(49)).round(6))
    yield case("reversed", base, 1 - base)
    yield case("the same", base, base)
    rectified = np.maximum(random.normal(size=64).round(3), 0)
    yield case("many zeros", rectified, np.maximum(rectified - 0.5, 0).round(3))
    yield case("ties", random.integers(0, 4, 100).astype(float), random.integers(0, 4, 100).astype(float))
    yield case("one is flat", base, np.zeros(49))
    yield case("the first is flat", np.zeros(49), base)


OUT.parent.mkdir(exist_ok=True)
OUT.write_text(json.dumps(list(cases())) + "\n")
