"""A made-up prediction file and label file, and their figures by scikit-learn.

    python3 scripts/reference/evaluation.py       # writes fixtures/evaluation/

300 images of 110 patients, in two folders whose names the predictions leave out; the rows of the two files are in
different orders. One finding never occurs, one is unknown for some images, and one is not predicted.
"""
import csv
import json
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, confusion_matrix, roc_auc_score

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "evaluation"
LABELS = ["Atelectasis", "Effusion", "Mass", "Pleural_Thickening", "Hernia", "Edema"]
PREDICTED = ["Hernia", "Mass", "Effusion", "Atelectasis", "Pleural_Thickening"]
BANDS = ["0-19", "20-39", "40-59", "60-79", "80+"]


def ece(probabilities, truths):
    """Expected calibration error with ten bins of equal width, (lower, upper]; the first includes 0."""
    bins = np.clip(np.ceil(probabilities * 10).astype(int) - 1, 0, 9)
    total = 0.0
    for b in range(10):
        inside = bins == b
        if inside.any():
            total += inside.sum() * abs(truths[inside].mean() - probabilities[inside].mean())
    return total / len(truths)


def figures(probabilities, truths):
    known = ~np.isnan(truths)
    p, t = probabilities[known], truths[known]
    counts = {"n_positive": int((t == 1).sum()), "n_negative": int((t == 0).sum()), "n_unknown": int((~known).sum())}
    if len(set(t)) < 2:
        return {**counts, "auroc": None, "average_precision": None, "brier": None, "ece": None, "operating_point": None}
    tn, fp, fn, tp = (int(n) for n in confusion_matrix(t, p >= 0.5).ravel())
    return {
        **counts,
        "auroc": roc_auc_score(t, p),
        "average_precision": average_precision_score(t, p),
        "brier": brier_score_loss(t, p),
        "ece": ece(p, t),
        "operating_point": {"threshold": 0.5, "tp": tp, "fp": fp, "tn": tn, "fn": fn},
    }


def evaluation(rows):
    findings = {
        label: figures(np.array([r["p"][label] for r in rows]), np.array([r["t"][label] for r in rows]))
        for label in LABELS
        if label in PREDICTED
    }
    aurocs = [f["auroc"] for f in findings.values() if f["auroc"] is not None]
    aps = [f["average_precision"] for f in findings.values() if f["auroc"] is not None]
    return {
        "n_images": len(rows),
        "n_patients": len({r["patient"] for r in rows}),
        "findings": findings,
        "mean": {"n_findings": len(aurocs), "auroc": np.mean(aurocs), "average_precision": np.mean(aps)},
    }


def main():
    rng = np.random.default_rng(5)
    OUT.mkdir(exist_ok=True)
    rows = []
    for i in range(300):
        patient = int(rng.integers(110))
        rate = np.random.default_rng(patient).uniform(0.1, 0.6)
        truth, probability = {}, {}
        for label in LABELS:
            t = float(rng.random() < rate) if label != "Hernia" else 0.0
            z = rng.normal() + 1.3 * t - 1
            # Two digits, so that many are equal.
            probability[label] = round(float(1 / (1 + np.exp(-z))), 2)
            truth[label] = float("nan") if label == "Mass" and rng.random() < 0.2 else t
        rows.append({
            "image": f"part{i % 2}/{i:04d}.png",
            "patient": patient,
            "age": patient % 95,
            "sex": "FM"[patient % 2],
            "view": ["AP", "PA"][int(rng.integers(2))],
            "t": truth,
            "p": probability,
        })
    with open(OUT / "labels.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Path", "Patient ID", "Age", "Sex", "View", *LABELS])
        for r in rows:
            values = ["" if np.isnan(r["t"][label]) else int(r["t"][label]) for label in LABELS]
            writer.writerow([r["image"], r["patient"], r["age"], r["sex"], r["view"], *values])
    with open(OUT / "predictions.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Image Index", *(f"prob_{label}" for label in PREDICTED)])
        for k in rng.permutation(300):
            writer.writerow([rows[k]["image"].split("/")[1], *(rows[k]["p"][label] for label in PREDICTED)])
    groups = {
        "sex": {s: [r for r in rows if r["sex"] == s] for s in "FM"},
        "view": {v: [r for r in rows if r["view"] == v] for v in ["AP", "PA"]},
        "age": {b: [r for r in rows if BANDS[min(r["age"] // 20, 4)] == b] for b in BANDS},
    }
    expected = {
        **evaluation(rows),
        "subgroups": {trait: {name: evaluation(part) for name, part in parts.items()} for trait, parts in groups.items()},
    }
    (OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
