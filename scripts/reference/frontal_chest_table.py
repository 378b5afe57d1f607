"""What `frontal_chest.py` measured, as a table, and the expected scores that the tests compare."""
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from frontal_chest_limits import inverted, outcomes
from frontal_chest_net import POSES, SIDE, probabilities, scores, undone
from patterns import pattern

ROOT = Path(__file__).resolve().parents[2]


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


def posed(found, pose):
    """The probabilities of the same pictures, changed into `pose`: the same ones in another order."""
    tag = np.arange(SIDE * SIDE, dtype=np.float64).reshape(1, SIDE, SIDE) + 1
    is_inverted, mirrored, turns = pose
    changed = tag[:, :, ::-1] if mirrored else tag
    changed = np.rot90(changed, -turns, (1, 2)) * (-1 if is_inverted else 1)
    of = [next(i for i, q in enumerate(POSES) if np.array_equal(undone(tag, q), undone(changed, p))) for p in POSES]
    return found[:, [*of, 16]]


def row(name, parts):
    """A row for pictures in several parts, each with limits of its own: [(N × 17 probabilities, limits)]."""
    three = [np.concatenate(each) for each in zip(*(outcomes(found, limits) for found, limits in parts))]
    says = np.concatenate([inverted(found, limits) for found, limits in parts])
    shares = " | ".join(f"{100 * each.mean():.1f}" for each in (*three, says))
    return f"| {name} | {len(says)} | {shares} |"


HEAD = [
    "| pictures | number | pass, % | warn, % | refuse, % | `inverted` warns, % |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
]
TURNED = [("inverted", (1, 0, 0)), *((f"turned by {90 * turns}°", (0, 0, turns)) for turns in (1, 2, 3)), ("mirrored", (0, 1, 0))]


def rows(name, parts):
    """A row for upright X-rays, and one for each way in which they may not be upright."""
    return [
        row(name, parts),
        *(row(f"the same, {how}", [(posed(found, pose), limits) for found, limits in parts]) for how, pose in TURNED),
    ]


def table(folds, limits):
    """Lines of Markdown: percent of pictures that pass, are warned about, are refused; that `inverted` warns about."""

    def parts(wanted):
        return [(found, of) for fold, of in zip(folds, limits) for name, found in fold.items() if wanted(name)]

    kinds = list(dict.fromkeys(name.split(": ")[0] for fold in folds for name in fold if ": " in name))
    lines = [
        *HEAD,
        *rows("NIH X-rays", parts(lambda name: name == "chests")),
        *rows("NIH X-rays changed mildly, ten times each", parts(lambda name: name == "mild")),
        row("NIH X-rays changed strongly, ten times each", parts(lambda name: name == "strong")),
        row("phantoms, by each of the four networks", parts(lambda name: name == "phantoms")),
        *(row(kind, parts(lambda name: name.startswith(f"{kind}: "))) for kind in kinds),
        row("all that show no chest", parts(lambda name: ": " in name)),
    ]
    return "\n".join(lines)
