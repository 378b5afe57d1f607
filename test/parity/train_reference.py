"""Trains as `medical-x train --no-shuffle --augment none --val-fraction 0` does, and compares its weights with ours.

Usage: train_reference.py <data folder> <start.pth> <ours.pth> <unfreeze> <batch norm> <limit> <batch size> <lr> <epochs>
Prints JSON: the relative L2 difference of the change of the trained weights, and the frozen tensors that moved.
"""
import csv
import json
import os
import sys

import numpy as np
import torch
import torchvision
from PIL import Image

FINDINGS = [
    "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax",
    "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia",
]
ORDER = ["none", "norm5", "denseblock4", "denseblock3", "denseblock2", "denseblock1", "all"]
# torchvision's children of `features` that each step of --unfreeze adds.
PARTS = {
    "norm5": ["norm5"],
    "denseblock4": ["denseblock4"],
    "denseblock3": ["denseblock3", "transition3"],
    "denseblock2": ["denseblock2", "transition2"],
    "denseblock1": ["denseblock1", "transition1"],
    "all": ["conv0", "norm0"],
}


def image(path):
    pixels = np.asarray(Image.open(path).convert("RGB").resize((224, 224), Image.BILINEAR), np.float32) / 255
    mean, std = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
    return torch.from_numpy(((pixels - mean) / std).transpose(2, 0, 1).copy())


def main(data, start, ours, unfreeze, batch_norm, limit, batch_size, lr, epochs):
    torch.set_num_threads(2)
    with open(os.path.join(data, "Data_Entry_2017.csv")) as file:
        rows = list(csv.DictReader(file))[:limit]
    images = torch.stack([image(os.path.join(data, "images", row["Image Index"])) for row in rows])
    targets = torch.tensor([[float(f in row["Finding Labels"].split("|")) for f in FINDINGS] for row in rows])

    model = torchvision.models.densenet121()
    model.classifier = torch.nn.Linear(1024, 14)
    before = torch.load(start)
    model.load_state_dict(before, strict=True)
    trained = [part for step in ORDER[1 : ORDER.index(unfreeze) + 1] for part in PARTS[step]]
    model.requires_grad_(False)
    model.eval()
    model.classifier.requires_grad_(True)
    for name in trained:
        module = getattr(model.features, name)
        module.requires_grad_(True)
        module.train(batch_norm == "train")
    optimiser = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=lr)
    loss_of = torch.nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        for at in range(0, len(rows), batch_size):
            optimiser.zero_grad()
            loss = loss_of(model(images[at : at + batch_size]), targets[at : at + batch_size])
            loss.backward()
            optimiser.step()
            losses.append(loss.item())

    here = torch.load(ours)
    strict = torchvision.models.densenet121()
    strict.classifier = torch.nn.Linear(1024, 14)
    strict.load_state_dict(here, strict=True)
    after = model.state_dict()
    free = {name for name, p in model.named_parameters() if p.requires_grad}
    statistics = {n for n in after if batch_norm == "train" and "running" in n and any(f".{part}." in f".{n}" for part in trained)}

    def distance(names):
        change = sum(((after[n] - before[n]).double() ** 2).sum() for n in names)
        error = sum(((after[n] - here[n]).double() ** 2).sum() for n in names)
        return float((error / change).sqrt()) if names and change > 0 else 0.0

    frozen = [n for n in after if n not in free and n not in statistics and "num_batches" not in n]
    print(json.dumps({
        "weights": distance(free),
        "statistics": distance(statistics),
        "moved": [n for n in frozen if not torch.equal(before[n], here[n])],
        "counters": [int(here[n]) for n in after if "num_batches" in n and any(f".{part}." in f".{n}" for part in trained)][:1],
        "trained": len(free),
        "losses": losses,
    }))


if __name__ == "__main__":
    data, start, ours, unfreeze, batch_norm, limit, batch_size, lr, epochs = sys.argv[1:]
    main(data, start, ours, unfreeze, batch_norm, int(limit), int(batch_size), float(lr), int(epochs))
