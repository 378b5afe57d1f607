"""scikit-learn's figures of a prediction file against a label file in NIH's layout, as JSON on stdout."""
import csv
import json
import sys

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

predictions, labels = sys.argv[1:]
with open(labels, newline="") as file:
    truth = {row["Image Index"]: set(row["Finding Labels"].split("|")) for row in csv.DictReader(file)}
with open(predictions, newline="") as file:
    rows = list(csv.DictReader(file))

figures = {}
for column in rows[0]:
    if not column.startswith("prob_"):
        continue
    finding = column[len("prob_") :]
    scores = np.array([float(row[column]) for row in rows])
    truths = np.array([float(finding in truth[row["Image Index"]]) for row in rows])
    if len(set(truths)) < 2:
        figures[finding] = None
        continue
    fpr, tpr, _ = roc_curve(truths, scores, drop_intermediate=False)
    precision, recall, _ = precision_recall_curve(truths, scores)
    figures[finding] = {
        "n_positive": int(truths.sum()),
        "auroc": roc_auc_score(truths, scores),
        "average_precision": average_precision_score(truths, scores),
        "brier": brier_score_loss(truths, scores),
        "fpr": fpr.tolist(),
        "tpr": tpr.tolist(),
        "precision": precision[::-1].tolist(),
        "recall": recall[::-1].tolist(),
    }
print(json.dumps(figures))
