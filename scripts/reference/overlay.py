#!/usr/bin/env python3
"""Expected coverage of shapes on overlays.

Writes fixtures/overlay/: glyphs.json (characters of DejaVu Sans Condensed by FreeType's own smooth rasteriser, from the
font file itself, without hinting, drawn 16 times as large and averaged, because at the original size it draws curves as
lines that are up to a 16th of a pixel off), rounded.json (rectangles with rounded corners: the share of 64 × 64 points of
each pixel that lie inside, by the definition of the shape).
"""

import base64
import json
import math
import pathlib

import matplotlib
import numpy as np
from matplotlib.ft2font import LOAD_NO_HINTING, FT2Font, FT2Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "fixtures" / "overlay"
FONT = ROOT / "node_modules" / "dejavu-fonts-ttf" / "ttf" / "DejaVuSansCondensed.ttf"

CHARACTERS = "AMgij08%&@#?·–×é"
SIZES = [6.25, 10, 13.75, 32]
FINER = 16

ROUNDED = [(24, 16, 2.5), (40, 30, 8), (9, 7, 2.5), (12, 12, 6), (30, 10, 20), (6, 4, 0), (50, 41, 15.5)]
POINTS = 64


def glyph(character, size):
    font = FT2Font(str(FONT), hinting_factor=1)
    font.set_size(size * FINER, 72)
    outline = font.load_char(ord(character), flags=LOAD_NO_HINTING)
    unit = 64 * FINER
    left, bottom, right, top = outline.bbox
    margin = 1
    x = margin - math.floor(left / unit)
    baseline = margin + math.ceil(top / unit)
    width = x + math.ceil(right / unit) + margin
    height = baseline - math.floor(bottom / unit) + margin
    image = FT2Image(width * FINER, height * FINER)
    # It expects the upper edge of the glyph's pixels, and adds the left edge itself.
    upper = baseline * FINER - math.ceil(top / 64)
    font.draw_glyph_to_bitmap(image, x * FINER, upper, outline, antialiased=True)
    fine = np.asarray(image).reshape(height, FINER, width, FINER)
    assert fine.any()
    return {
        "character": character,
        "size": size,
        "advance": outline.linearHoriAdvance / 65536 / FINER,
        "x": x,
        "baseline": baseline,
        "width": width,
        "height": height,
        "levels": base64.b64encode(np.rint(fine.mean(axis=(1, 3))).astype(np.uint8).tobytes()).decode(),
    }


def rounded(width, height, radius):
    r = min(radius, width / 2, height / 2)
    x = (np.arange(width * POINTS) + 0.5) / POINTS
    y = (np.arange(height * POINTS) + 0.5) / POINTS
    # The distance of a point from the rectangle between the corners' centres.
    dx = np.maximum(np.maximum(r - x, x - (width - r)), 0)[None, :]
    dy = np.maximum(np.maximum(r - y, y - (height - r)), 0)[:, None]
    inside = dx**2 + dy**2 <= r**2
    shares = inside.reshape(height, POINTS, width, POINTS).mean(axis=(1, 3))
    levels = np.rint(shares * 255).astype(np.uint8)
    return {
        "width": width,
        "height": height,
        "radius": radius,
        "levels": base64.b64encode(levels.tobytes()).decode(),
    }


def write(name, made_with, cases):
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"madeWith": made_with, "cases": cases}, ensure_ascii=False, indent=1)
    (OUT / name).write_text(text + "\n", encoding="utf8")


write(
    "glyphs.json",
    {"matplotlib": matplotlib.__version__, "freetype": matplotlib.ft2font.__freetype_version__},
    [glyph(character, size) for size in SIZES for character in CHARACTERS],
)
write("rounded.json", {"numpy": np.__version__}, [rounded(*case) for case in ROUNDED])
