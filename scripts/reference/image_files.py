#!/usr/bin/env python3
"""Image files to decode, with PIL's pixels, and files to refuse.

Writes fixtures/image/decode/*, refused/* and pages/*: each file with its expected result beside it; and bits.json. Odd
files are made in odd_pictures.py, damaged ones in damaged_pictures.py, those with several pages in paged_pictures.py.
"""

import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

from damaged_pictures import PIL_READS, damaged_files
from odd_pictures import deep, odd_files, orientation
from paged_pictures import paged_files
from patterns import b64, pattern, picture, sha256
from picture_builders import chunk, png, saved, tiff_fields, tiff_pages

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "image"


def swapped_profile():
    """An ICC profile that swaps red and blue, which exposes a decoder that applies it."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)  # the creation time
    count = struct.unpack(">I", profile[128:132])[0]
    at = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 136 + 12 * i for i in range(count)}
    red, blue = at[b"rXYZ"], at[b"bXYZ"]
    profile[red : red + 8], profile[blue : blue + 8] = profile[blue : blue + 8], profile[red : red + 8]
    return bytes(profile)


def decode_files():
    """Yields name, file and, where the pixels differ from PIL's, the expected ones and the bits per sample."""
    width, height = 13, 9
    noise = lambda seed, channels=1: pattern("noise", 400 + seed, width * height * channels).reshape(
        (height, width, channels) if channels > 1 else (height, width)
    )
    grey, rgb, rgba, grey_alpha = noise(1), noise(2, 3), noise(3, 4), noise(4, 2)
    for depth in (1, 2, 4, 8):
        yield f"grey{depth}.png", png(grey >> (8 - depth), depth, 0)
        yield f"grey{depth}-interlaced.png", png(grey >> (8 - depth), depth, 0, True)
    palette = chunk(b"PLTE", pattern("noise", 410, 3 * 256).tobytes())
    transparency = chunk(b"tRNS", pattern("noise", 411, 100).tobytes())
    for depth in (1, 2, 4, 8):
        entries = chunk(b"PLTE", pattern("noise", 410 + depth, 3 * 2**depth).tobytes())
        yield f"palette{depth}.png", png(grey >> (8 - depth), depth, 3, extra=entries)
    yield "palette-trns.png", png(grey, 8, 3, extra=palette + transparency)
    yield "palette-grey-entries.png", png(
        grey, 8, 3, extra=chunk(b"PLTE", bytes(v for i in range(256) for v in [255 - i] * 3))
    )
    yield "grey8-trns.png", png(grey, 8, 0, extra=chunk(b"tRNS", struct.pack(">H", int(grey[0, 0]))))
    yield "rgb8-trns.png", png(rgb, 8, 2, extra=chunk(b"tRNS", struct.pack(">3H", *map(int, rgb[0, 0]))))
    yield "rgb8.png", png(rgb, 8, 2)
    yield "rgb8-interlaced.png", png(rgb, 8, 2, True)
    yield "rgba8.png", png(rgba, 8, 6)
    yield "grey8-alpha.png", png(grey_alpha, 8, 4)
    yield "rgb8-gama.png", png(rgb, 8, 2, extra=chunk(b"gAMA", struct.pack(">I", 100000)))
    yield "grey8-gama.png", png(grey, 8, 0, extra=chunk(b"gAMA", struct.pack(">I", 100000)))
    iccp = chunk(b"iCCP", b"p\0\0" + zlib.compress(swapped_profile(), 9))
    yield "rgb8-iccp.png", png(rgb, 8, 2, extra=iccp)
    yield "rgb8-exif6.png", saved(Image.fromarray(rgb), "PNG", exif=orientation(6))
    yield "one-pixel.png", png(grey[:1, :1], 8, 0)

    grey16 = (noise(5).astype(np.uint16) << 8) | noise(6)
    grey16[0, :6] = [0, 128, 129, 65535, 65406, 65407]
    rgb16 = (noise(7, 3).astype(np.uint16) << 8) | noise(8, 3)
    rgba16 = (noise(9, 4).astype(np.uint16) << 8) | noise(10, 4)
    yield "grey16.png", png(grey16, 16, 0), deep(grey16), 16
    yield "grey16-interlaced.png", png(grey16, 16, 0, True), deep(grey16), 16
    yield "grey16-alpha.png", png(np.dstack([grey16, grey16[::-1]]), 16, 4), deep(grey16), 16
    yield "rgb16.png", png(rgb16, 16, 2), deep(rgb16), 16
    yield "rgba16.png", png(rgba16, 16, 6), deep(rgba16), 16
    gama = chunk(b"gAMA", struct.pack(">I", 100000))
    yield "grey16-gama.png", png(grey16, 16, 0, extra=gama), deep(grey16), 16

    smooth = lambda channels: np.add.outer(
        np.arange(24) * 5, np.multiply.outer(np.arange(20) * 6, np.arange(1, channels + 1) / 2)
    ).astype(np.uint8)
    yield "grey.jpg", saved(Image.fromarray(smooth(1)[..., 0]), "JPEG", quality=85)
    yield "grey-progressive.jpg", saved(Image.fromarray(smooth(1)[..., 0]), "JPEG", progressive=True)
    colour = Image.fromarray(smooth(3))
    yield "rgb-420.jpg", saved(colour, "JPEG", quality=85, subsampling=2)
    yield "rgb-422.jpg", saved(colour, "JPEG", quality=85, subsampling=1)
    yield "rgb-444.jpg", saved(colour, "JPEG", quality=95, subsampling=0)
    yield "rgb-icc.jpg", saved(colour, "JPEG", quality=90, icc_profile=swapped_profile())
    yield "cmyk-adobe.jpg", saved(Image.fromarray(smooth(4), "CMYK"), "JPEG", quality=90)
    for value in (1, 2, 3, 4, 5, 6, 7, 8):
        file = saved(colour, "JPEG", quality=90, subsampling=0, exif=orientation(value))
        yield f"exif{value}.jpg", file
    yield "exif9.jpg", saved(colour, "JPEG", quality=90, subsampling=0, exif=orientation(9))
    yield "exif6-grey.jpg", saved(Image.fromarray(smooth(1)[..., 0]), "JPEG", exif=orientation(6))

    yield "grey8.tif", saved(Image.fromarray(grey), "TIFF")
    yield "rgb8.tif", saved(Image.fromarray(rgb), "TIFF")
    yield "rgb8-lzw.tif", saved(Image.fromarray(rgb), "TIFF", compression="tiff_lzw")
    yield "grey8-deflate.tif", saved(Image.fromarray(grey), "TIFF", compression="tiff_adobe_deflate")
    yield "rgba8.tif", saved(Image.fromarray(rgba), "TIFF")
    yield "cmyk8.tif", saved(Image.fromarray(rgba, "CMYK"), "TIFF")
    yield "bilevel.tif", saved(Image.fromarray(grey).convert("1", dither=0), "TIFF")
    yield "bilevel-white-is-zero.tif", saved(
        Image.fromarray(grey).convert("1", dither=0), "TIFF", compression="group4"
    )
    yield "palette8.tif", saved(Image.fromarray(rgb).quantize(16), "TIFF")
    yield "grey8-exif6.tif", saved(Image.fromarray(grey), "TIFF", tiffinfo={274: 6})
    pages = [Image.fromarray(grey), Image.fromarray(255 - grey)]
    yield "two-pages.tif", saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    yield "grey16.tif", saved(Image.fromarray(grey16), "TIFF"), deep(grey16), 16
    fields = tiff_fields(width, height, bits=16, samples=3, photometric=2)
    yield "rgb16.tif", tiff_pages([([rgb16.astype("<u2").tobytes()], fields)]), deep(rgb16), 16

    yield "rgb-lossless.webp", saved(Image.fromarray(rgb), "WEBP", lossless=True)
    yield "rgba-lossless.webp", saved(Image.fromarray(rgba), "WEBP", lossless=True, exact=True)
    yield "rgb-exif8.webp", saved(Image.fromarray(rgb), "WEBP", lossless=True, exif=orientation(8))
    yield "rgb-lossy.webp", saved(colour, "WEBP", quality=80)


def facts_of(name, file, expected=None, bits=8):
    """The expected result for a file: its size, the bits per sample, and the pixels as upright RGB."""
    opened = Image.open(io.BytesIO(file))
    if opened.format == "TIFF":
        upright = opened.copy()  # loading has rotated it, and Pillow 9.4's exif_transpose would rotate it again
    else:
        upright = ImageOps.exif_transpose(opened)
    if expected is None:
        expected = np.asarray(upright.convert("RGB"))
    assert expected.shape == (upright.height, upright.width, 3), name
    return {"width": upright.width, "height": upright.height, "bits": bits}, expected.tobytes()


def write_decode_files():
    folder = OUT / "decode"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, file, *rest in decode_files():
        facts, pixels = facts_of(name, file, *rest)
        write(folder / name, file, {**facts, "rgb": b64(pixels)})
    for name, file, *rest in odd_files():
        facts, pixels = facts_of(name, file, *rest)
        write(folder / name, file, {**facts, "sha256": sha256(pixels)})


def write(path, file, facts):
    path.write_bytes(file)
    path.with_name(f"{path.name}.json").write_text(json.dumps(facts) + "\n")


def is_read_by_pil(file):
    try:
        Image.open(io.BytesIO(file)).load()
        return True
    except Exception:
        return False


def refused_files():
    """Yields name, code and file."""
    grey = picture("noise", 500, 40, 40, 1)
    whole = saved(grey, "PNG")
    huge = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0))
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 0xFF
    jpeg = saved(grey, "JPEG")
    yield "float32.tif", "raster/unsupported", saved(grey.convert("F"), "TIFF")
    yield "int32.tif", "raster/unsupported", saved(grey.convert("I"), "TIFF")
    yield "picture.bmp", "raster/not-an-image", saved(grey.resize((3, 3)), "BMP")
    yield "picture.gif", "raster/not-an-image", saved(grey.resize((3, 3)), "GIF")
    yield "empty.png", "raster/not-an-image", b""
    yield "page.png", "raster/not-an-image", b"<!DOCTYPE html><html><body>Not found</body></html>"
    yield "text.png", "raster/not-an-image", b"no image at all"
    yield "cut-short.png", "raster/damaged", whole[: len(whole) // 2]
    yield "cut-short.jpg", "raster/damaged", jpeg[: len(jpeg) // 2]
    yield "flipped-byte.png", "raster/damaged", bytes(broken)
    yield "signature-only.png", "raster/damaged", whole[:8]
    yield "huge.png", "raster/too-large", whole[:8] + huge + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def write_refused_files():
    folder = OUT / "refused"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, code, file in refused_files():
        write(folder / name, file, {"code": code})
    for name, file in damaged_files():
        assert is_read_by_pil(file) == (name in PIL_READS), name
        write(folder / name, file, {"code": "raster/damaged"})


def pages_of(file):
    """The size and pixels of each page by PIL; null for a page that PIL refuses."""
    image = Image.open(io.BytesIO(file))
    for number in range(image.n_frames):
        try:
            image.seek(number)
            samples = np.asarray(image)
            eight = samples if samples.dtype == np.uint8 else np.floor(samples / 257 + 0.5).astype(np.uint8)
            yield {"width": image.width, "height": image.height, "sha256": sha256(eight.tobytes())}
        except OSError:
            yield None


def write_pages():
    folder = OUT / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, file, chosen in paged_files():
        write(folder / name, file, {"chosen": chosen, "pages": list(pages_of(file))})


def write_bits():
    """Samples of so many bits converted to 8 bits: value * 255 / (2**bits - 1), rounded; larger values become white."""
    cases = []
    for bits in range(8, 17):
        most = 2**bits - 1
        values = sorted({0, 1, most // 510, most // 510 + 1, most // 3, most // 2, most - 1, most, min(most + 1, 65535), 65535})
        eight = [min(255, (2 * value * 255 + most) // (2 * most)) for value in values]
        cases.append({"bits": bits, "values": values, "eight": eight})
    (OUT / "bits.json").write_text(json.dumps({"cases": cases}) + "\n")


if __name__ == "__main__":
    write_decode_files()
    write_pages()
    write_bits()
    write_refused_files()
