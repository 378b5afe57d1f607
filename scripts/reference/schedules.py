#!/usr/bin/env python3
"""Expected learning rates, from PyTorch's schedulers.

Writes fixtures/schedules/: plateau.json (ReduceLROnPlateau over made-up figures), cosine.json (LinearLR for the warm-up,
then CosineAnnealingLR, each with its own optimiser, because SequentialLR in 1.13 sets a wrong first rate).
"""

import json
import math
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "schedules"
NAN = float("nan")
MADE_WITH = {"torch": torch.__version__}


def optimiser(lr):
    return torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=lr)


def rate(optimizer):
    return optimizer.param_groups[0]["lr"]


PLATEAUS = [
    ("rises", "max", 1e-3, [0.6, 0.65, 0.7, 0.71, 0.72]),
    ("stands still", "max", 1e-3, [0.7] * 12),
    ("falls after the first", "max", 1e-3, [0.8, 0.7, 0.6, 0.5, 0.81, 0.6, 0.6, 0.6, 0.6]),
    ("within the threshold", "max", 1e-2, [0.7, 0.70006, 0.70006, 0.70006, 0.7002, 0.70021, 0.70022, 0.70023]),
    ("just over the threshold", "max", 1e-2, [0.5, 0.50005000000000005, 0.5000500001, 0.6, 0.6, 0.6, 0.6]),
    ("figures missing", "max", 1e-3, [0.6, NAN, NAN, NAN, 0.5, 0.5, 0.7, 0.6]),
    ("missing at first", "max", 1e-3, [NAN, NAN, 0.6, NAN, 0.61, NAN, NAN, NAN]),
    ("down to the smallest change", "max", 1e-6, [0.7] * 16),
    ("loss falls", "min", 1e-3, [0.7, 0.5, 0.4, 0.3]),
    ("loss stands still", "min", 3e-4, [0.2] * 9),
    ("loss within the threshold", "min", 1e-3, [0.2, 0.19999, 0.199985, 0.19998, 0.15, 0.16, 0.16, 0.16]),
    ("loss not a number", "min", 1e-3, [0.2, 0.1, NAN, NAN, NAN, NAN, 0.05]),
    ("loss of zero", "min", 1e-3, [0.0, 0.0, -0.1, 0.0, 0.0, 0.0]),
]


def plateau_cases():
    for name, mode, lr, figures in PLATEAUS:
        optimizer = optimiser(lr)
        scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, mode=mode, factor=0.1, patience=2)
        rates = []
        for figure in figures:
            scheduler.step(figure)
            rates.append(rate(optimizer))
        shown = [None if math.isnan(f) else f for f in figures]
        yield {"name": name, "mode": mode, "lr": lr, "figures": shown, "rates": rates}


def rates_of(make, lr, count):
    optimizer = optimiser(lr)
    scheduler = make(optimizer)
    rates = []
    for _ in range(count):
        rates.append(rate(optimizer))
        optimizer.step()
        scheduler.step()
    return rates


def cosine_cases():
    for lr, total in [(1e-3, 1), (1e-3, 2), (1e-3, 7), (1e-3, 20), (1e-4, 50), (0.1, 333), (1e-3, 1000)]:
        rise = max(1, int(math.floor(total * 0.05 + 0.5)))
        up = rates_of(
            lambda o: lr_scheduler.LinearLR(o, start_factor=1 / rise, total_iters=max(1, rise - 1)), lr, rise
        )
        down = rates_of(lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=max(1, total - rise)), lr, total - rise)
        yield {"lr": lr, "total": total, "rates": [*up, *down]}


def write(name, cases):
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    (OUT / name).write_text(f'{{\n  "made_with": {json.dumps(MADE_WITH)},\n  "cases": [\n{lines}\n  ]\n}}\n')


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    OUT.mkdir(parents=True, exist_ok=True)
    write("plateau.json", plateau_cases())
    write("cosine.json", cosine_cases())
