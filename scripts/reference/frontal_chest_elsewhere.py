"""What the checks `frontal-chest` and `inverted` of this version say of X-rays from elsewhere, which no fit has used.

    git clone https://github.com/agchung/Figure1-COVID-chestxray-dataset figure1
    git clone https://github.com/ieee8023/covid-chestxray-dataset cohen
    python3 scripts/reference/frontal_chest_elsewhere.py figure1 cohen

Prints the second table of docs/checks.md, with rows for each folder of PNG and JPEG files. The network and its limits are
read from src/checks. In a folder with a metadata.csv, only the files that it names as X-rays take part: by `filename`, or
by `patientid` where it has no file names; a view that begins with L is lateral, and all others are frontal, an empty one
included. So masks, edited copies and slices of CT are left out. In any other folder all files count as frontal X-rays.
"""
import argparse
import base64
import csv
import re
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from frontal_chest_limits import Limits
from frontal_chest_net import LAYERS, Net, probabilities, scores
from frontal_chest_pictures import files
from frontal_chest_table import HEAD, ROOT, row, rows, thumbnail


def shipped():
    """The network of src/checks in float64, and its limits."""
    text = (ROOT / "src/checks/frontal-chest-network.ts").read_text()
    limits = Limits(*(float(re.search(rf"{name}: ([\d.e-]+)", text)[1]) for name in ("refusedBelow", "unsureBelow", "mirroredOdds")))
    scales = [float(number) for number in re.search(r"SCALES[^=]*= \[(.*?)\]", text, re.S)[1].split(",") if number.strip()]
    integers = np.frombuffer(base64.b64decode("".join(re.findall(r'"([^"]*)"', text[text.index("WEIGHTS =") :]))), "<i2")
    net, state, at = Net().double().eval(), {}, 0
    for scale, name in zip(scales, [f"{layer}.{part}" for layer in LAYERS for part in ("weight", "bias")], strict=True):
        shape = net.state_dict()[name].shape
        state[name] = torch.from_numpy(integers[at : at + shape.numel()] * scale).view(shape)
        at += shape.numel()
    assert at == len(integers)
    net.load_state_dict(state)
    return net, limits


def grey(path):
    """A file as 8-bit grey values, H × W."""
    picture = Image.open(path)
    if picture.mode.startswith("I"):
        return np.round(np.asarray(picture, dtype=np.float64) / 257).astype(np.uint8)
    return np.asarray(picture.convert("RGB").convert("L"))


def chosen(folder):
    """The files of a folder that are frontal X-rays, and those that are lateral ones."""
    found = [Path(path) for path in files(*(f"{folder}/**/*.{kind}" for kind in ("png", "jpg", "jpeg")))]
    listed = Path(folder) / "metadata.csv"
    if not listed.exists():
        return found, []
    by_name = {}
    for path in found:
        by_name.setdefault(path.name, path)
        by_name.setdefault(path.stem, path)
    views = {True: {}, False: {}}
    for entry in csv.DictReader(listed.open(encoding="utf-8", errors="replace")):
        path = by_name.get(entry["filename"] if "filename" in entry else entry["patientid"])
        if path is not None and entry["modality"] == "X-ray":
            views[entry["view"].strip().upper().startswith("L")][path] = True
    return list(views[False]), list(views[True])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folders", nargs="+")
    torch.set_num_threads(1)
    net, limits = shipped()

    def measured(paths):
        small = torch.from_numpy(np.stack([thumbnail(grey(path)) for path in paths]))
        with torch.no_grad():
            return [(probabilities(scores(net, small)).numpy(), limits)]

    print("\n".join(HEAD))
    for folder in arguments.parse_args().folders:
        frontal, lateral = chosen(folder)
        name = Path(folder).resolve().name
        print("\n".join(rows(f"frontal X-rays of {name}", measured(frontal))))
        if lateral:
            print(row(f"lateral X-rays of {name}", measured(lateral)))


if __name__ == "__main__":
    main()
