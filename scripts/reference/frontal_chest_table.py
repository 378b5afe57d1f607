"""What `frontal_chest.py` measured, as a table, and the expected scores that the tests compare."""
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from frontal_chest_net import POSES, SIDE, probabilities, scores, undone
from patterns import pattern

ROOT = Path(__file__).resolve().parents[2]
REFUSED_BELOW, UNSURE_BELOW, MIRRORED_ODDS = 0.005, 0.5, 30


def thumbnail(grey):
    """Averages of SIDE × SIDE cells of equal size; pixels on a border count with the share that lies in the cell."""

    def cover(length):
        cell, pixel = np.arange(SIDE)[:, None] * length, np.arange(length)[None] * SIDE
        return np.clip(np.minimum(cell + length, pixel + SIDE) - np.maximum(cell, pixel), 0, None)

    height, width = grey.shape
    return (cover(height) @ grey.astype(np.int64) @ cover(width).T) / (height * width)


def inputs():
    """Pictures that both sides have: (what it is, grey values)."""
    shapes = [("noise", 1, 64, 64), ("edges", 2, 37, 100), ("dark", 3, 100, 33), ("bright", 4, 7, 5), ("white", 0, 50, 40)]
    for kind, seed, width, height in shapes:
        case = {"kind": kind, "seed": seed, "width": width, "height": height}
        yield case, pattern(kind, seed, width * height).reshape(height, width)
    for path in sorted((ROOT / "examples/images").glob("*.png"))[:6]:
        yield {"file": f"examples/images/{path.name}"}, np.asarray(Image.open(path).convert("L"))


def fixtures(net):
    """fixtures/checks/frontal-chest.json: thumbnails' means and the 17 probabilities, for each input in two poses."""
    cases = []
    for case, upright in inputs():
        for change in ("as it is", "inverted and turned"):
            grey = upright if change == "as it is" else np.rot90(255 - upright, -1)
            small = thumbnail(grey)
            with torch.no_grad():
                found = probabilities(scores(net, torch.from_numpy(small)[None]))[0].numpy()
            cases.append({**case, "change": change, "corner": small[0, :4].tolist(), "mean": small.mean(), "probabilities": found.tolist()})
    folder = ROOT / "fixtures/checks"
    folder.mkdir(exist_ok=True)
    (folder / "frontal-chest.json").write_text(json.dumps(cases, indent=1) + "\n")


def outcomes(found):
    """Of N × 17 probabilities: which pass, which are warned about, which are refused, as the check decides."""
    chest = 1 - found[:, 16]
    pose = found[:, :16].argmax(1)
    mirrored_only = (pose == 4) & (found[:, 4] < MIRRORED_ODDS * found[:, 0])
    upright = (pose == 0) | mirrored_only
    refused = chest < REFUSED_BELOW
    passed = ~refused & (chest >= UNSURE_BELOW) & upright
    return passed, ~passed & ~refused, refused


def posed(found, pose):
    """The probabilities of the same pictures, changed into `pose`: the same ones in another order."""
    tag = np.arange(SIDE * SIDE, dtype=np.float64).reshape(1, SIDE, SIDE) + 1
    inverted, mirrored, turns = pose
    changed = tag[:, :, ::-1] if mirrored else tag
    changed = np.rot90(changed, -turns, (1, 2)) * (-1 if inverted else 1)
    of = [next(i for i, q in enumerate(POSES) if np.array_equal(undone(tag, q), undone(changed, p))) for p in POSES]
    return found[:, [*of, 16]]


def row(name, found):
    passed, warned, refused = (100 * each.mean() for each in outcomes(found))
    inverted = found[:, 8:16].sum(1) / np.maximum(found[:, :16].sum(1), 1e-300)
    says = 100 * ((inverted >= 0.5) & (found[:, 16] <= 1 - UNSURE_BELOW)).mean()
    return f"| {name} | {len(found)} | {passed:.1f} | {warned:.1f} | {refused:.1f} | {says:.1f} |"


def table(joined):
    """Lines of Markdown: percent of pictures that pass, are warned about, are refused; that `inverted` warns about."""
    chests = joined["chests"]
    lines = [
        "| pictures | number | pass, % | warn, % | refuse, % | `inverted` warns, % |",
        "|---|---|---|---|---|---|",
        row("NIH X-rays as they are", chests),
        row("inverted", posed(chests, (1, 0, 0))),
        *(row(f"turned by {90 * turns}°", posed(chests, (0, 0, turns))) for turns in (1, 2, 3)),
        row("mirrored", posed(chests, (0, 1, 0))),
        row("changed mildly, ten times each", joined["mild"]),
        row("changed strongly, ten times each", joined["strong"]),
        row("phantoms, by each of the four networks", joined["phantoms"]),
    ]
    kinds = {}
    for name, found in joined.items():
        if ": " in name:
            kinds.setdefault(name.split(": ")[0], []).append(found)
    lines += [row(kind, np.concatenate(parts)) for kind, parts in kinds.items()]
    lines.append(row("all that show no chest", np.concatenate([part for parts in kinds.values() for part in parts])))
    return "\n".join(lines)
