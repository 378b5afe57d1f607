"""Trains as `medical-x train --no-shuffle --augment none --val-fraction 0` does, and compares its weights with ours.

Usage: train_reference.py <data> <start.pth> <ours.pth> <unfreeze> <batch norm> <limit> <batch size> <lr> float32|exact
Prints JSON: the relative L2 difference of the change of the trained weights, the frozen tensors that moved, and with
`exact` how far PyTorch in float32 and ours are from PyTorch in float64.
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


def image(path, size):
    pixels = np.asarray(Image.open(path).convert("RGB").resize((size, size), Image.BILINEAR), np.float32) / 255
    mean, std = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
    return torch.from_numpy(((pixels - mean) / std).transpose(2, 0, 1).copy())


def network():
    model = torchvision.models.densenet121()
    model.classifier = torch.nn.Linear(1024, 14)
    return model


def train(before, images, targets, trained, batch_norm, batch_size, lr, dtype, epochs=1):
    """Epochs in the images' order. The model, and the loss before each step."""
    model = network()
    model.load_state_dict(before, strict=True)
    model.to(dtype)
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
    for at in list(range(0, len(images), batch_size)) * epochs:
        optimiser.zero_grad()
        batch = images[at : at + batch_size].to(dtype)
        loss = loss_of(model(batch), targets[at : at + batch_size].to(dtype))
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return model, losses


def load(data, limit, size):
    """Prepared images, and labels as 0 and 1."""
    with open(os.path.join(data, "Data_Entry_2017.csv")) as file:
        rows = list(csv.DictReader(file))[:limit]
    images = torch.stack([image(os.path.join(data, "images", row["Image Index"]), size) for row in rows])
    return images, torch.tensor([[float(f in row["Finding Labels"].split("|")) for f in FINDINGS] for row in rows])


def parts_of(unfreeze):
    return [part for step in ORDER[1 : ORDER.index(unfreeze) + 1] for part in PARTS[step]]


def main(data, start, ours, unfreeze, batch_norm, limit, batch_size, lr, exact):
    torch.set_num_threads(2)
    images, targets = load(data, limit, 224)
    before, here = torch.load(start), torch.load(ours)
    network().load_state_dict(here, strict=True)

    trained = parts_of(unfreeze)
    settings = (before, images, targets, trained, batch_norm, batch_size, lr)
    model, losses = train(*settings, torch.float32)
    after = model.state_dict()
    free = {name for name, p in model.named_parameters() if p.requires_grad}
    unfrozen = [name for name in after if any(f".{part}." in f".{name}" for part in trained)]
    statistics = {name for name in unfrozen if batch_norm == "train" and "running" in name}
    frozen = [n for n in after if n not in free and n not in statistics and "num_batches" not in n]

    def distance(a, b, to, names):
        """How far two ends are from each other, as a share of the way from the start to one."""
        change = sum(((to[n].double() - before[n].double()) ** 2).sum() for n in names)
        error = sum(((a[n].double() - b[n].double()) ** 2).sum() for n in names)
        return float((error / change).sqrt()) if names and change > 0 else 0.0

    result = {
        "weights": distance(after, here, after, free),
        "statistics": distance(after, here, after, statistics),
        "moved": [name for name in frozen if not torch.equal(before[name], here[name])],
        "counters": [int(here[name]) for name in unfrozen if "num_batches" in name][:1],
        "trained": len(free),
        "losses": losses,
    }
    if exact:
        truth = train(*settings, torch.float64)[0].state_dict()
        result["pytorch64"] = distance(after, truth, truth, free)
        result["ours64"] = distance(here, truth, truth, free)
    print(json.dumps(result))


if __name__ == "__main__":
    data, start, ours, unfreeze, batch_norm, limit, batch_size, lr, precision = sys.argv[1:]
    main(data, start, ours, unfreeze, batch_norm, int(limit), int(batch_size), float(lr), precision == "exact")
