#!/usr/bin/env python3
"""Half-precision numbers, .npy headers, checksums and zip archives as NumPy, PyTorch and zipfile make them.

Writes fixtures/tensor/: halves.json (all 65,536 half-precision numbers as float32), round.json and
round-from-float64.json (numbers and their half-precision bits), bfloat16.json, npy.json, crc32.json, zip/*.
"""

import base64
import hashlib
import io
import json
import pathlib
import zipfile
import zlib

import numpy as np
import torch

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "tensor"


def hashed(count, seed):
    """Bytes from an integer formula; test/image/pattern.ts computes the same."""
    x = (np.arange(count, dtype=np.uint32) + np.uint32(seed * 7919)) * np.uint32(2654435761)
    x ^= x >> np.uint32(15)
    x *= np.uint32(2246822519)
    x ^= x >> np.uint32(13)
    return (x & np.uint32(255)).astype(np.uint8)


def b64(array):
    return base64.b64encode(array.tobytes()).decode()


def interesting():
    """Numbers at and next to every kind of boundary of half precision."""
    halves = np.arange(0x7C00, dtype=np.uint16).view(np.float16).astype(np.float64)
    chosen = np.concatenate([halves[:40], halves[1000:1060], halves[-40:], halves[::211]])
    before_ties = [*range(40), *range(1000, 1060), *range(31690, 31743), *range(0, 31000, 211)]
    ties = np.array([halves[i : i + 2].sum() / 2 for i in before_ties])
    around = [np.nextafter(np.float32(t), np.float32(way)) for t in ties for way in (0, np.inf)]
    edges = [65504, 65519.99, 65520, 65535, 65536, 1e10, 1e300, np.inf, 2**-14, 2**-24, 2**-25]
    edges += [2**-25 * (1 + 2**-20), 2**-25 * (1 - 2**-20), 2**-26, 1e-45, 5e-324, 1e-320, 0.1, 1 / 3, np.pi]
    rest = np.array([*around, *edges], np.float64)
    positive = np.concatenate([chosen, ties, rest])
    return np.concatenate([positive, -positive])


def double_ties():
    """float64 numbers closer to a tie than float32 can represent, for which rounding twice gives wrong results."""
    halves = np.arange(1, 0x7BFF, 517, dtype=np.uint16).view(np.float16).astype(np.float64)
    above = np.arange(2, 0x7C00, 517, dtype=np.uint16).view(np.float16).astype(np.float64)
    ties = (halves + above[: len(halves)]) / 2
    return np.concatenate([np.nextafter(ties, 0), np.nextafter(ties, np.inf), [65519.999999999]])


def halves_of(numbers):
    with np.errstate(over="ignore"):
        return numbers.astype(np.float16).view(np.uint16)


def zips():
    folder = OUT / "zip"
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "a.txt": b"hello\n" * 20,
        "folder/b.bin": hashed(3000, 1).tobytes(),
        "empty": b"",
        "größe.txt": "ü".encode(),
    }

    def archive(method, comment=b"", stream=False):
        out = io.BytesIO()

        class Unseekable(io.RawIOBase):
            writable = lambda self: True
            write = lambda self, data: out.write(data)

        with zipfile.ZipFile(Unseekable() if stream else out, "w", method) as file:
            for name, body in files.items():
                info = zipfile.ZipInfo(name)  # dated 1980, so that the archive is the same every day
                info.compress_type = method
                file.writestr(info, body)
            file.comment = comment
        return out.getvalue()

    expected = {
        name: {"crc32": zlib.crc32(body), "base64": base64.b64encode(body).decode()}
        for name, body in files.items()
    }
    made = {
        "stored.zip": archive(zipfile.ZIP_STORED),
        "deflated.zip": archive(zipfile.ZIP_DEFLATED),
        "with-comment.zip": archive(zipfile.ZIP_DEFLATED, b"c" * 65535),
        "with-data-descriptors.zip": archive(zipfile.ZIP_DEFLATED, stream=True),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
        (folder / f"{name}.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    bits = np.arange(65536, dtype=np.uint16)
    decoded = bits.view(np.float16).astype(np.float32)
    without_nan = np.where(np.isnan(decoded), 0, decoded)
    facts = {
        "every_61st": b64(decoded[::61].astype("<f4")),
        "nans": np.flatnonzero(np.isnan(decoded)).size,
        "sha256_with_nan_as_0": hashlib.sha256(without_nan.astype("<f4")).hexdigest(),
    }
    (OUT / "halves.json").write_text(json.dumps(facts) + "\n")
    for name, values in {"round": interesting(), "round-from-float64": double_ties()}.items():
        facts = {"float64": b64(values.astype("<f8")), "float16": b64(halves_of(values).astype("<u2"))}
        (OUT / f"{name}.json").write_text(json.dumps(facts) + "\n")
    brain = [0, 1, 0x3F80, 0x3DCD, 0x7F80, 0xFF80, 0x8000, 0x0080, 0xFF7F, 0x7FC0]
    brain = torch.tensor(brain, dtype=torch.int32)
    values = brain.to(torch.int16).view(torch.bfloat16).to(torch.float64)
    rows = [[int(b), None if v != v else str(v)] for b, v in zip(brain.tolist(), values.tolist())]
    (OUT / "bfloat16.json").write_text(json.dumps(rows) + "\n")
    headers = []
    for shape in [(), (3,), (2, 3), (14, 7, 7), (112120, 14, 7, 7), tuple(range(1, 13))]:
        out = io.BytesIO()
        np.lib.format.write_array_header_1_0(out, {"descr": "<f4", "fortran_order": False, "shape": shape})
        headers.append({"shape": shape, "dict": out.getvalue()[10:].decode("latin-1").rstrip()})
    (OUT / "npy.json").write_text(json.dumps(headers) + "\n")
    sums = [
        {"seed": seed, "length": length, "crc32": zlib.crc32(hashed(length, seed).tobytes())}
        for seed, length in enumerate([0, 1, 7, 8, 9, 15, 16, 17, 1000, 65537])
    ]
    (OUT / "crc32.json").write_text(json.dumps(sums) + "\n")
    zips()
