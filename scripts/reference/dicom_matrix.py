#!/usr/bin/env python3
"""DICOM files of every kind that is read, with the grey levels that pydicom gives them.

    dicom_matrix.py FOLDER      transfer syntax x bits x sign x photometric interpretation x kind of display, for
                                `npm run test:dicom`: files, grey levels (float32, not rounded) and manifest.json
    dicom_matrix.py --fixtures  a handful of them, in fixtures/dicom/

Files are encoded by dcmtk, gdcm and OpenJPH (Debian: dcmtk libgdcm-tools python3-gdcm python3-pydicom
python3-opencv openjph-tools).
Values are displayed by `dicom_display.py`.
"""

import base64
import copy
import itertools
import json
import pathlib
import sys
import tempfile

import numpy as np

from dicom_builders import HTJ2K, LOSSY, SYNTAXES, build, encode, scene
from dicom_colours import colour_cases
from dicom_display import display
from dicom_kinds import KINDS, clear
from dicom_oddities import odd_cases

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHOICES = ["default", "minmax", "full-range", "equalize"]
FIXTURES = [
    *["explicit-le-12u-MONOCHROME2-linear", "implicit-le-10u-MONOCHROME1-none", "explicit-be-16s-MONOCHROME2-rescale"],
    *["deflated-12s-MONOCHROME1-sigmoid", "rle-16u-MONOCHROME2-voi-lut-8", "jpeg-baseline-8u-MONOCHROME1-exact"],
    *["jpeg-extended-12u-MONOCHROME2-linear", "jpeg-lossless-16u-MONOCHROME1-padding-range"],
    *["jpeg-lossless-57-12u-MONOCHROME2-windows", "jpeg-ls-12u-MONOCHROME2-inverse", "jpeg-2000-12s-MONOCHROME2-none"],
    *["jpeg-2000-lossy-12u-MONOCHROME1-linear", "htj2k-12u-MONOCHROME2-rescale-negative"],
    *["htj2k-rpcl-16u-MONOCHROME2-padding", "explicit-le-8u-MONOCHROME2-modality-lut"],
]


def is_possible(syntax, bits, signed):
    """JPEG baseline has 8 bits and extended 12; dcmtk makes neither, nor gdcm lossy ones, of signed values."""
    if syntax == "jpeg-baseline":
        return bits == 8 and not signed
    if syntax == "jpeg-extended":
        return bits <= 12 and not signed
    # OpenJPH 0.9's tools take signed samples for unsigned ones.
    return not (signed and (syntax in LOSSY or syntax in HTJ2K))


def described(encoded, photometric, kind):
    ds = copy.deepcopy(encoded)
    clear(ds)
    ds.PhotometricInterpretation = photometric
    KINDS[kind](ds)
    return ds


def grey_files(syntax, bits, signed, folder):
    """Yields photometric interpretation, kind, dataset, stored values."""
    values = scene(bits, signed)
    # dcmconv swaps the bytes of tables, too, so for big endian it comes last.
    is_last = syntax == "explicit-be"
    encoded, stored = encode(build(values, bits, signed), values, "explicit-le" if is_last else syntax, folder)
    for photometric in ["MONOCHROME1", "MONOCHROME2"]:
        for kind in KINDS:
            ds = described(encoded, photometric, kind)
            yield photometric, kind, ds, stored


def grey_rows(folder):
    """Yields file name, dataset, [(choice, levels)], whether exact, frame."""
    axes = itertools.product(SYNTAXES, [8, 10, 12, 16], [False, True])
    for syntax, bits, signed in axes:
        if not is_possible(syntax, bits, signed):
            continue
        for photometric, kind, ds, stored in grey_files(syntax, bits, signed, folder):
            name = f"{syntax}-{bits}{'s' if signed else 'u'}-{photometric}-{kind}"
            choices = CHOICES if syntax == "explicit-le" else ["default"]
            results = [(voi, display(ds, stored, voi)) for voi in choices]
            if syntax == "explicit-be":
                ds, _ = encode(ds, stored, syntax, folder)
            yield name, ds, results, syntax not in LOSSY, None


def all_rows(folder):
    yield from odd_cases(folder)
    yield from colour_cases(folder)
    yield from grey_rows(folder)


def write(out, row, levels_as):
    name, ds, results, exact, frame = row
    file = f"{name.split('#')[0]}.dcm"
    if hasattr(ds, "save_as"):
        ds.save_as(out / file, write_like_original=False)
    else:
        (out / file).write_bytes(ds)
    about = {"file": file, "exact": exact, **({} if frame is None else {"frame": frame})}
    return [{**about, "voi": voi, **levels_as(f"{name}.{voi}", levels)} for voi, levels in results]


def matrix(out):
    rows = []

    def levels_as(name, levels):
        (out / f"{name}.f32").write_bytes(np.asarray(levels, "<f4").tobytes())
        return {"levels": f"{name}.f32"}

    with tempfile.TemporaryDirectory() as folder:
        for row in all_rows(folder):
            rows += write(out, row, levels_as)
    (out / "manifest.json").write_text(json.dumps(rows))
    print(f"{len(rows)} results")


def in_words(_, levels):
    """Rounded grey levels."""
    rounded = np.floor(np.asarray(levels, np.float64) + 0.5).astype(np.uint8)
    return {"levels": base64.b64encode(rounded.tobytes()).decode()}


def fixtures():
    out = ROOT / "fixtures" / "dicom" / "display"
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for row in all_rows(folder):
            if row[0] not in FIXTURES and not row[0].startswith(("odd-", "colour-explicit-le")):
                continue
            rows += write(out, row, in_words)
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    (out / "levels.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    if sys.argv[1] == "--fixtures":
        fixtures()
    else:
        matrix(pathlib.Path(sys.argv[1]))
