"""The figures and distances of the input check `known-images`, by scikit-learn and NumPy.

Features are made from an integer formula that the test computes as well: four factors and noise, all exact in float32.
Feature 5 is 0 in all training images.
"""

import base64
import json
from pathlib import Path

import numpy as np
from sklearn.covariance import ledoit_wolf_shrinkage
from sklearn.decomposition import PCA

from patterns import pattern

FIXTURES = Path(__file__).parents[2] / "fixtures" / "known-images"

FEATURES, FACTORS = 1024, 4
TRAINING, HELD_OUT, OTHERS = 160, 100, 12
COMPONENTS, LEAST_SCALE = 32, 0.02
LOADINGS = pattern("noise", 99, FACTORS * FEATURES).reshape(FACTORS, FEATURES).astype(np.float64)
WEIGHTS = np.array([8, 4, 2, 1])


def features(seed, images, dead=True, loadings=LOADINGS):
    noise = pattern("noise", seed, images * FEATURES).reshape(images, FEATURES) / 256
    factors = pattern("noise", seed + 1, images * FACTORS).reshape(images, FACTORS) * WEIGHTS
    made = noise + factors @ loadings / 65536
    if dead:
        made[:, 5] = 0
    assert (made == made.astype(np.float32)).all()
    return made


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def packed(values):
    return base64.b64encode(values.tobytes()).decode()


def quadratic(known, rows):
    """The distances, by the matrix of the quadratic form."""
    mean, scale = (np.frombuffer(base64.b64decode(known[name]), "<f4").astype(np.float64) for name in ("mean", "scale"))
    w = np.array(
        [np.frombuffer(base64.b64decode(one["weights"]), np.int8) * one["step"] for one in known["components"]]
    )
    variances = np.array([one["variance"] for one in known["components"]])
    rest = np.eye(FEATURES) - w.T @ w
    form = w.T @ np.diag(1 / variances) @ w + rest.T @ rest / known["residualVariance"]
    y = (unit(rows) - mean) / scale
    return np.sqrt(np.einsum("ij,jk,ik->i", y, form, y))


def fit(rows):
    rows = unit(rows)
    spread = rows.std(axis=0, ddof=1)
    mean = rows.mean(axis=0).astype("<f4")
    scale = np.maximum(spread, LEAST_SCALE * np.sqrt((spread**2).mean())).astype("<f4")
    y = (rows - mean) / scale
    shrinkage = ledoit_wolf_shrinkage(y, assume_centered=True)
    pca = PCA(COMPONENTS, svd_solver="full").fit(y)
    # scikit-learn divides by n - 1, and the covariance here is divided by n.
    variances = pca.explained_variance_ * (len(y) - 1) / len(y)
    trace = (y**2).sum() / len(y)
    shrunk = lambda variance: (1 - shrinkage) * variance + shrinkage * trace / FEATURES
    steps = np.abs(pca.components_).max(axis=1) / 127
    return {
        "images": len(y),
        "mean": packed(mean),
        "scale": packed(scale),
        "components": [
            {"variance": shrunk(variance), "step": step, "weights": packed(np.round(row / step).astype(np.int8))}
            for variance, step, row in zip(variances, steps, pca.components_)
        ],
        "residualVariance": shrunk((trace - variances.sum()) / (FEATURES - COMPONENTS)),
    }, shrinkage


def main():
    known, shrinkage = fit(features(1, TRAINING))
    held_out = np.sort(quadratic(known, features(3, HELD_OUT)))
    rank = int(np.ceil(0.99 * (HELD_OUT + 1)))
    known |= {"heldOut": HELD_OUT, "limit": held_out[rank - 1], "description": "made-up features"}
    other_loadings = pattern("noise", 98, FACTORS * FEATURES).reshape(FACTORS, FEATURES).astype(np.float64)
    cases = {
        "like": features(5, OTHERS),
        "alive": features(5, OTHERS, dead=False),
        "other": features(7, OTHERS, loadings=other_loadings),
    }
    FIXTURES.mkdir(parents=True, exist_ok=True)
    distances = {name: quadratic(known, rows).tolist() for name, rows in cases.items()}
    written = {"known": known, "shrinkage": shrinkage, "distances": distances}
    (FIXTURES / "figures.json").write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()
