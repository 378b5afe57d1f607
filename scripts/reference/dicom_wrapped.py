#!/usr/bin/env python3
"""PNGs as DICOM files of the same pictures, for the speed of reading them.

    dicom_wrapped.py PNG-FOLDER OUT-FOLDER

Each grey level becomes the 12-bit value round(level * 4095 / 255), and the window 2048/4096 shows it as the same level
again. Writes a folder for each of: plain, deflated, rle, jpeg-lossless, htj2k, jpeg-ls, jpeg-2000.
"""

import pathlib
import sys
import tempfile

import numpy as np
from PIL import Image

from dicom_builders import build, encode

SYNTAXES = {"plain": "explicit-le", "deflated": "deflated", "rle": "rle", "jpeg-lossless": "jpeg-lossless"}
SYNTAXES |= {"htj2k": "htj2k", "jpeg-ls": "jpeg-ls", "jpeg-2000": "jpeg-2000"}


def main(pngs, out):
    with tempfile.TemporaryDirectory() as folder:
        for png in sorted(pathlib.Path(pngs).glob("*.png")):
            levels = np.asarray(Image.open(png).convert("L")).astype(np.int64)
            values = np.floor(levels * 4095 / 255 + 0.5).astype(np.int64)
            for name, syntax in SYNTAXES.items():
                ds = build(values, 12, False)
                ds.WindowCenter, ds.WindowWidth = "2048", "4096"
                ds, _ = encode(ds, values, syntax, folder)
                target = pathlib.Path(out) / name
                target.mkdir(parents=True, exist_ok=True)
                ds.save_as(target / f"{png.stem}.dcm", write_like_original=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
