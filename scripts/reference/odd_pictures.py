"""Odd but valid picture files: what encoders, cameras and scanners in the wild write, and PIL reads.

`odd_files()` yields names and bytes, and the expected samples where they differ from PIL's own, in the form that
`image_files.py` expects.
"""

import base64
import struct
import zlib

import numpy as np
from PIL import Image

from picture_builders import (
    JFIF,
    PNG_SIGNATURE,
    adobe,
    chunk,
    jpeg,
    packbits,
    png,
    png_header,
    png_body,
    predicted,
    saved,
    segment,
    strips,
    tiff_fields,
    tiff_pages,
    tiles,
)

WIDTH, HEIGHT = 21, 18


def noise(seed, channels=1, top=256, kind=np.uint8):
    shape = (HEIGHT, WIDTH, channels) if channels > 1 else (HEIGHT, WIDTH)
    return np.random.RandomState(seed).randint(0, top, shape).astype(kind)


def smooth(a, b, c=0):
    return (np.add.outer(np.arange(HEIGHT) * a, np.arange(WIDTH) * b) + c).clip(0, 255).astype(np.uint8)


GREY, RGB, RGBA = noise(1), noise(2, 3), noise(3, 4)
GREY16 = noise(5, 1, 65536, np.uint16)
RGB16 = noise(6, 3, 65536, np.uint16)
GREY12 = noise(9, 1, 4096, np.uint16)
Y, CB, CR, K = smooth(6, 5, 20), smooth(3, 2, 90), smooth(2, 4, 80), smooth(4, 1, 60)


def deep(values):
    """16-bit samples converted to 8 bits, as grey or RGB: value / 257, rounded."""
    eight = np.floor(values.astype(np.float64) / 257 + 0.5).astype(np.uint8)
    return np.repeat(eight[..., None], 3, axis=-1) if eight.ndim == 2 else eight[..., :3]


def scaled(values, bits):
    """Samples of so many bits converted to 8 bits, as grey RGB: value * 255 / (2**bits - 1), rounded."""
    eight = np.floor(values.astype(np.float64) * 255 / (2**bits - 1) + 0.5).astype(np.uint8)
    return np.repeat(eight[..., None], 3, axis=-1)


def orientation(value):
    exif = Image.Exif()
    exif[0x0112] = value
    return exif.tobytes()


def profile():
    """A grey ICC profile with nothing but a header, which no decoder may depend on."""
    head = bytearray(128)
    struct.pack_into(">I", head, 0, 132)
    head[8:12], head[12:16], head[16:20], head[20:24], head[36:40] = b"\2@\0\0", b"mntr", b"GRAY", b"XYZ ", b"acsp"
    return bytes(head) + b"\0\0\0\0"


def insert(data, marker, extra, which=0):
    """Insert bytes before a marker of a JPEG."""
    at = -1
    for _ in range(which + 1):
        at = data.index(bytes([0xFF, marker]), at + 1)
    return data[:at] + extra + data[at:]


# A JPEG from `jpegtran -arithmetic` (libjpeg-turbo 2.1.5), since nothing else here writes arithmetic coding.
ARITHMETIC = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD"
    "AwMDAwMDAwMDAwMDAwP/yQARCAASABUDARIAAhEAAxEA/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/ANx1fzqiZ1j4xEKbSsBW"
    "i90zIRboYswAyAROF7CQOsm2auxTCnj+fpXiXAAU9S1/m4iQLzyttjuAqWepCA/+I3adF0W5epSq2GQWo0ShVLssfVeWGc+VxcPW"
    "54x2RfI7GFPLEvgoB+AztmLP6Zs0RGDW4ZKh0xP2rQ9+CGFVDqiHZspLRAdHhfD/2Q=="
)


# ---- JPEG ------------------------------------------------------------------------------------------------


def jpegs():
    grey, rgb = jpeg([Y]), jpeg([Y, CB, CR])
    yield "odd-samsung-grey.jpg", jpeg([Y], parameters=(0, 0, 0))
    yield "odd-samsung-rgb.jpg", jpeg([Y, CB, CR], parameters=(0, 0, 0))
    yield "odd-spectral-end-0-ah-al.jpg", jpeg([Y], parameters=(0, 63, 0x11))
    yield "odd-stray-before-dqt.jpg", insert(grey, 0xDB, b"\x12\x34\x56")
    yield "odd-stray-before-sof.jpg", insert(grey, 0xC0, b"\0")
    yield "odd-stray-before-dht.jpg", insert(rgb, 0xC4, b"\1\2\3\4\5\6\7")
    yield "odd-stray-before-sos.jpg", insert(grey, 0xDA, b"\0\0")
    yield "odd-stray-twice.jpg", insert(insert(grey, 0xDB, b"\x12"), 0xDA, b"\x34\x56")
    yield "odd-samsung-and-stray.jpg", insert(jpeg([Y], parameters=(0, 0, 0)), 0xDB, b"abc")
    yield "odd-stray-before-eoi.jpg", grey[:-2] + b"\0\0\0" + grey[-2:]
    yield "odd-stray-between-scans.jpg", insert(jpeg([Y, CB, CR], split=True), 0xDA, b"\x11\x22", 1)
    yield "odd-fill-bytes.jpg", insert(grey, 0xDB, b"\xff\xff\xff")
    yield "odd-fill-before-eoi.jpg", grey[:-2] + b"\xff\xff" + grey[-2:]
    yield "odd-trailing-garbage.jpg", grey + b"camera maker's notes" * 3
    yield "odd-two-in-one.jpg", grey + jpeg([255 - Y])
    yield "odd-restart.jpg", jpeg([Y], restart=2)
    yield "odd-restart-rgb-420.jpg", jpeg([Y, CB, CR], [(2, 2), (1, 1), (1, 1)], restart=1)
    for name, sampling in {
        "411": [(4, 1), (1, 1), (1, 1)],
        "440": [(1, 2), (1, 1), (1, 1)],
        "441": [(1, 4), (1, 1), (1, 1)],
        "three": [(3, 1), (1, 1), (1, 1)],
        "chroma-finer": [(1, 1), (2, 2), (2, 2)],
        "red-coarser": [(2, 2), (2, 1), (1, 1)],
    }.items():
        yield f"odd-sampling-{name}.jpg", jpeg([Y, CB, CR], sampling)
    yield "odd-sampling-grey-22.jpg", jpeg([Y], [(2, 2)])
    yield "odd-scan-of-each-plane.jpg", jpeg([Y, CB, CR], split=True)
    yield "odd-extended-sequential.jpg", jpeg([Y, CB, CR], frame=0xC1)
    yield "odd-dqt-16-bits.jpg", jpeg([Y], wide_dqt=True, quantum=300, frame=0xC1)
    yield "odd-dqt-16-bits-baseline.jpg", jpeg([Y], wide_dqt=True)
    yield "odd-tables-apart.jpg", jpeg([Y], tables_apart=True)
    tables = grey.index(b"\xff\xc4")
    yield "odd-no-huffman-tables.jpg", grey[:tables] + grey[grey.index(b"\xff\xda") :]
    yield "odd-no-jfif.jpg", jpeg([Y, CB, CR], head=b"")
    yield "odd-no-jfif-grey.jpg", jpeg([Y], head=b"")
    yield "odd-ids-rgb.jpg", jpeg([Y, CB, CR], head=b"", ids=[82, 71, 66])
    yield "odd-ids-from-0.jpg", jpeg([Y, CB, CR], ids=[0, 1, 2])
    yield "odd-adobe-rgb.jpg", jpeg([Y, CB, CR], head=adobe(0))
    yield "odd-adobe-ycc.jpg", jpeg([Y, CB, CR], head=adobe(1))
    yield "odd-adobe-unknown-transform.jpg", jpeg([Y, CB, CR], head=adobe(9))
    yield "odd-adobe-cmyk.jpg", jpeg([Y, CB, CR, K], head=adobe(0))
    yield "odd-adobe-ycck.jpg", jpeg([Y, CB, CR, K], head=adobe(2))
    yield "odd-cmyk-without-adobe.jpg", jpeg([Y, CB, CR, K], head=b"")
    yield "odd-jfif-3.jpg", jpeg([Y], head=segment(0xE0, b"JFIF\0\3\1\0\0\1\0\1\0\0"))
    thumbnail = bytes(range(48))
    yield "odd-jfif-thumbnail.jpg", jpeg([Y], head=segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\4\4" + thumbnail))
    jfxx = segment(0xE0, b"JFXX\0\x10" + jpeg([255 - Y], head=b""))
    yield "odd-jfxx-thumbnail.jpg", jpeg([Y], head=JFIF + jfxx)
    icc = segment(0xE2, b"ICC_PROFILE\0\1\1" + profile())
    yield "odd-grey-icc.jpg", jpeg([Y], head=JFIF + icc)
    yield "odd-icc-half.jpg", jpeg([Y], head=JFIF + segment(0xE2, b"ICC_PROFILE\0\1\2" + profile()))
    yield "odd-icc-garbage.jpg", jpeg([Y], head=JFIF + segment(0xE2, b"ICC_PROFILE\0\1\1garbage"))
    yield "odd-comments.jpg", jpeg([Y], head=JFIF + segment(0xFE, b"x" * 3000) + segment(0xFE, b""))
    yield "odd-exif-garbage.jpg", jpeg([Y], head=JFIF + segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f"))
    yield "odd-exif-thumbnail.jpg", jpeg([Y], head=segment(0xE1, orientation(3)) + JFIF)
    for value in (2, 5, 7):
        turned = jpeg([Y, CB, CR], head=segment(0xE1, orientation(value)))
        yield f"odd-exif{value}-stray.jpg", insert(turned, 0xDB, b"\1\2\3")
    yield "odd-progressive-rgb.jpg", saved(Image.fromarray(np.dstack([Y, CB, CR])), "JPEG", progressive=True)
    frames = [Image.fromarray(Y), Image.fromarray(255 - Y)]
    yield "odd-arithmetic.jpg", ARITHMETIC
    yield "odd-two-frames.mpo", saved(frames[0], "MPO", save_all=True, append_images=frames[1:])
    yield "odd-one-row.jpg", jpeg([Y[:1, :20]])
    yield "odd-one-column.jpg", jpeg([Y[:, :1], CB[:, :1], CR[:, :1]], [(2, 2), (1, 1), (1, 1)])


# ---- PNG -------------------------------------------------------------------------------------------------


def pieces(size):
    return lambda body: b"".join(chunk(b"IDAT", body[i : i + size]) for i in range(0, len(body), size))


def pngs():
    palette = chunk(b"PLTE", noise(7, 1, 256).reshape(-1)[:48].tobytes())
    four = GREY >> 4
    broken = lambda tag, data: chunk(tag, data)[:-4] + b"\0\0\0\0"
    yield "odd-filters.png", png(GREY, 8, 0, filters=(0, 1, 2, 3, 4))
    yield "odd-filters-rgb16.png", png(RGB16, 16, 2, filters=(4, 3, 2, 1)), deep(RGB16), 16
    yield "odd-interlaced-rgb16.png", png(RGB16, 16, 2, True, filters=(4, 1)), deep(RGB16), 16
    yield "odd-interlaced-palette4.png", png(four, 4, 3, True, extra=palette)
    yield "odd-interlaced-one-pixel.png", png(GREY[:1, :1], 8, 0, True)
    yield "odd-one-byte-idats.png", png(GREY[:6, :6], 8, 0, idat=pieces(1))
    yield "odd-empty-idats.png", png(
        GREY, 8, 0, idat=lambda b: chunk(b"IDAT", b"") + pieces(100)(b) + chunk(b"IDAT", b"") * 2
    )
    yield "odd-stored-blocks.png", png(GREY, 8, 0, idat=lambda _: chunk(b"IDAT", zlib.compress(png_body(GREY, 8), 0)))
    yield "odd-trailing-garbage.png", png(GREY, 8, 0) + b"\0\1\2garbage"
    yield "odd-no-end.png", png(GREY, 8, 0, end=False)
    texts = chunk(b"tEXt", b"Comment\0x") + chunk(b"zTXt", b"a\0\0" + zlib.compress(b"y" * 99))
    texts += chunk(b"iTXt", b"b\0\0\0\0\0z") + chunk(b"tIME", struct.pack(">HBBBBB", 2026, 1, 1, 0, 0, 0))
    yield "odd-texts.png", png(GREY, 8, 0, extra=texts, after=texts)
    yield "odd-text-without-keyword.png", png(GREY, 8, 0, extra=chunk(b"tEXt", b"\0x") + chunk(b"tEXt", b"no end"))
    yield "odd-private-chunks.png", png(GREY, 8, 0, extra=chunk(b"prVt", b"1") + chunk(b"caBX", b"2"), after=chunk(b"xxXx", b""))
    colour = chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"cHRM", struct.pack(">8I", *range(1, 9)))
    yield "odd-gamma-and-chroma.png", png(RGB, 8, 2, extra=colour)
    yield "odd-gamma-0.png", png(GREY, 8, 0, extra=chunk(b"gAMA", struct.pack(">I", 0)))
    yield "odd-gamma-twice.png", png(GREY, 8, 0, extra=chunk(b"gAMA", struct.pack(">I", 45455)) * 2)
    yield "odd-gamma-2-grey16.png", png(GREY16, 16, 0, extra=chunk(b"gAMA", struct.pack(">I", 200000))), deep(GREY16), 16
    yield "odd-srgb-and-gamma.png", png(RGB, 8, 2, extra=chunk(b"sRGB", b"\0") + chunk(b"gAMA", struct.pack(">I", 1)))
    yield "odd-srgb-intent-9.png", png(RGB, 8, 2, extra=chunk(b"sRGB", b"\x09"))
    yield "odd-icc-garbage.png", png(RGB, 8, 2, extra=chunk(b"iCCP", b"p\0\0" + zlib.compress(b"garbage")))
    yield "odd-icc-grey-in-rgb.png", png(RGB, 8, 2, extra=chunk(b"iCCP", b"p\0\0" + zlib.compress(profile())))
    yield "odd-significant-bits.png", png(GREY16, 16, 0, extra=chunk(b"sBIT", b"\x0c")), deep(GREY16), 16
    yield "odd-significant-bits-wrong.png", png(GREY, 8, 0, extra=chunk(b"sBIT", b"\x20"))
    yield "odd-background-wrong.png", png(GREY, 8, 0, extra=chunk(b"bKGD", b"\1"))
    yield "odd-transparency-too-long.png", png(four, 4, 3, extra=palette + chunk(b"tRNS", bytes(30)))
    yield "odd-transparency-grey1.png", png(GREY >> 7, 1, 0, extra=chunk(b"tRNS", b"\0\1"))
    yield "odd-transparency-grey16.png", png(GREY16, 16, 0, extra=chunk(b"tRNS", struct.pack(">H", int(GREY16[0, 0])))), deep(GREY16), 16
    yield "odd-palette-of-rgb.png", png(RGB, 8, 2, extra=palette)
    yield "odd-short-palette.png", png(GREY, 8, 3, extra=palette)
    yield "odd-unknown-critical.png", png(GREY, 8, 0, extra=chunk(b"CRIT", b"x"))
    yield "odd-chunk-before-header.png", PNG_SIGNATURE + chunk(b"tEXt", b"a\0b") + png(GREY, 8, 0)[8:]
    yield "odd-palette-twice.png", png(four, 4, 3, extra=chunk(b"PLTE", bytes(48)) + palette)
    yield "odd-palette-of-grey.png", png(GREY, 8, 0, extra=palette)
    yield "odd-transparency-before-palette.png", png(four, 4, 3, extra=chunk(b"tRNS", b"\1\2") + palette)
    yield "odd-ancillary-crc.png", png(GREY, 8, 0, after=broken(b"tEXt", b"Comment\0x"))
    yield "odd-more-rows-than-said.png", png_with_body(GREY[:9], png_body(GREY, 8))
    yield "odd-idat-after-the-picture.png", png(GREY, 8, 0, idat=lambda b: chunk(b"IDAT", b) + chunk(b"IDAT", b"more"))
    yield "odd-one-row.png", png(GREY[:1, :20], 8, 0)
    yield "odd-grey2-odd-width.png", png(GREY[:, :19] >> 6, 2, 0, True)
    yield "odd-exif8-end.png", png(RGB, 8, 2, after=chunk(b"eXIf", orientation(8)[6:]))
    frames = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]
    yield "odd-animated.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:])


def png_with_body(samples, body):
    return PNG_SIGNATURE + png_header(samples, 8, 0) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


# ---- TIFF ------------------------------------------------------------------------------------------------


def grey_page(samples=GREY, blocks=None, **fields):
    height, width = samples.shape[:2]
    return blocks or [samples.tobytes()], tiff_fields(width, height, **fields)


def one(*page, order="<", big=False):
    return tiff_pages([page], order, big)


def swapped(fields):
    """Fields in descending order of their tags."""
    return fields[::-1]


def tiffs():
    blocks, fields = grey_page()
    rgb_fields = tiff_fields(WIDTH, HEIGHT, samples=3, photometric=2)
    yield "odd-unsorted.tif", one(blocks, swapped(fields))
    yield "odd-unsorted-deflate.tif", one([zlib.compress(RGB.tobytes())], swapped(tiff_fields(WIDTH, HEIGHT, samples=3, photometric=2, compression=8)))
    yield "odd-unsorted-grey16.tif", one([GREY16.tobytes()], swapped(tiff_fields(WIDTH, HEIGHT, bits=16))), deep(GREY16), 16
    yield "odd-unknown-tags.tif", one(blocks, [*fields, (40000, 4, 7), (50999, 2, b"scanner\0")])
    yield "odd-unknown-and-unsorted.tif", one(blocks, [(65000, 3, 1), *fields])
    yield "odd-tag-twice.tif", one(blocks, sorted([*fields, (305, 2, b"one\0"), (305, 2, b"two\0")]))
    yield "odd-text-without-end.tif", one(blocks, sorted([*fields, (305, 2, b"no end"), (306, 2, b"yesterday")]))
    yield "odd-resolution-0.tif", one(blocks, sorted([*fields, (282, 5, [(0, 0)]), (283, 5, [(1, 0)])]))
    yield "odd-big-endian.tif", one(strips(RGB, 5), tiff_fields(WIDTH, HEIGHT, samples=3, photometric=2, rows=5), order=">")
    yield "odd-big-endian-16.tif", one(strips(GREY16, 4, ">"), tiff_fields(WIDTH, HEIGHT, bits=16, rows=4), order=">"), deep(GREY16), 16
    yield "odd-big-endian-unsorted.tif", one(strips(GREY, 7), swapped(tiff_fields(WIDTH, HEIGHT, rows=7)), order=">")
    tile = {"tile_width": 16, "tile_height": 16}
    yield "odd-tiles.tif", one(tiles(GREY, 16), tiff_fields(WIDTH, HEIGHT, **tile))
    yield "odd-tiles-rgb-deflate.tif", one([zlib.compress(t) for t in tiles(RGB, 16)], tiff_fields(WIDTH, HEIGHT, samples=3, photometric=2, compression=8, **tile))
    yield "odd-tiles-16.tif", one(tiles(GREY16, 16), tiff_fields(WIDTH, HEIGHT, bits=16, **tile)), deep(GREY16), 16
    yield "odd-tiles-unsorted.tif", one(tiles(GREY, 16), swapped(tiff_fields(WIDTH, HEIGHT, **tile)))
    yield "odd-strips.tif", one(strips(RGB, 1), tiff_fields(WIDTH, HEIGHT, samples=3, photometric=2, rows=1))
    yield "odd-rows-per-strip-max.tif", one(blocks, tiff_fields(WIDTH, HEIGHT, rows=2**32 - 1))
    yield "odd-no-rows-per-strip.tif", one(blocks, [f for f in fields if f[0] != 278])
    yield "odd-strip-counts-0.tif", one(blocks, [(t, k, 0 if t == 279 else v) for t, k, v in fields])
    yield "odd-strip-counts-huge.tif", one(blocks, [(t, k, 2**32 - 1 if t == 279 else v) for t, k, v in fields])
    yield "odd-no-strip-counts.tif", one(blocks, [f for f in fields if f[0] != 279])
    yield "odd-packbits.tif", one([packbits(row.tobytes()) for row in Y], tiff_fields(WIDTH, HEIGHT, compression=32773, rows=1))
    yield "odd-old-deflate.tif", one([zlib.compress(GREY.tobytes())], tiff_fields(WIDTH, HEIGHT, compression=32946))
    yield "odd-predictor-deflate.tif", one([zlib.compress(predicted(RGB).tobytes())], tiff_fields(WIDTH, HEIGHT, samples=3, photometric=2, compression=8, predictor=2))
    yield "odd-predictor-16.tif", one([zlib.compress(predicted(GREY16).tobytes())], tiff_fields(WIDTH, HEIGHT, bits=16, compression=8, predictor=2)), deep(GREY16), 16
    yield "odd-predictor-lzw.tif", saved(Image.fromarray(RGB), "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
    yield "odd-lzw-16.tif", saved(Image.fromarray(GREY16), "TIFF", compression="tiff_lzw"), deep(GREY16), 16
    picture = Image.fromarray(np.dstack([Y, CB, CR]))
    yield "odd-jpeg-grey.tif", saved(Image.fromarray(Y), "TIFF", compression="jpeg", quality=90)
    yield "odd-jpeg-rgb.tif", saved(picture, "TIFF", compression="jpeg", quality=90)
    bilevel = Image.fromarray(Y).convert("1", dither=0)
    for kind in ("group3", "group4", "packbits", "tiff_lzw"):
        yield f"odd-bilevel-{kind}.tif", saved(bilevel, "TIFF", compression=kind)
    yield "odd-fill-order-2.tif", one(*bits_page(GREY >> 7, 1, flip=True, fill_order=2))
    yield "odd-bilevel-min-is-white.tif", one(*bits_page(GREY >> 7, 1, photometric=0))
    yield "odd-grey2.tif", one(*bits_page(GREY >> 6, 2))
    yield "odd-grey4.tif", one(*bits_page(GREY >> 4, 4))
    yield "odd-grey4-min-is-white.tif", one(*bits_page(GREY >> 4, 4, photometric=0))
    yield "odd-min-is-white.tif", one(*grey_page(photometric=0))
    yield "odd-planar.tif", one([p.tobytes() for p in np.moveaxis(RGB, 2, 0)], tiff_fields(WIDTH, HEIGHT, samples=3, photometric=2, planar=2))
    yield "odd-planar-strips-deflate.tif", one([zlib.compress(s) for p in np.moveaxis(RGB, 2, 0) for s in strips(p, 7)], tiff_fields(WIDTH, HEIGHT, samples=3, photometric=2, planar=2, rows=7, compression=8))
    colours = noise(8, 1, 65536, np.uint16).reshape(-1)[:48].tolist()
    yield "odd-palette4.tif", one(*bits_page(GREY >> 4, 4, photometric=3, colormap=(3, [(v >> 8) * 257 for v in colours])))
    yield "odd-extra-unspecified.tif", one([RGBA.tobytes()], tiff_fields(WIDTH, HEIGHT, samples=4, photometric=2, extra=0))
    yield "odd-extra-alpha.tif", one([RGBA.tobytes()], tiff_fields(WIDTH, HEIGHT, samples=4, photometric=2, extra=2))
    yield "odd-extra-none-said.tif", one([RGBA.tobytes()], tiff_fields(WIDTH, HEIGHT, samples=4, photometric=2))
    yield "odd-grey-alpha.tif", one([RGBA[..., :2].tobytes()], tiff_fields(WIDTH, HEIGHT, samples=2, extra=2))
    yield "odd-big-tiff.tif", one(blocks, tiff_fields(WIDTH, HEIGHT), big=True)
    yield "odd-big-tiff-unsorted.tif", one(blocks, swapped(fields), big=True)
    yield "odd-byte-fields.tif", one(blocks, [(t, 3 if t in (256, 257) else k, v) for t, k, v in fields])
    for value in (2, 3, 5, 8):
        turned = tiff_fields(WIDTH, HEIGHT, orientation=value)
        yield f"odd-orientation{value}.tif", one(blocks, swapped(turned) if value == 5 else turned)
    yield "odd-trailing-garbage.tif", one(blocks, fields) + b"garbage"
    yield "odd-cmyk-deflate.tif", one([zlib.compress(RGBA.tobytes())], tiff_fields(WIDTH, HEIGHT, samples=4, photometric=5, compression=8))
    yield "odd-rgb16-planar.tif", one([p.tobytes() for p in np.moveaxis(RGB16, 2, 0)], tiff_fields(WIDTH, HEIGHT, bits=16, samples=3, photometric=2, planar=2)), deep(RGB16), 16
    packed = one(*bits_page(GREY12, 12, rows=HEIGHT))
    yield "odd-grey12.tif", packed, scaled(GREY12, 12), 16
    yield "odd-grey16-min-is-white.tif", one([GREY16.tobytes()], tiff_fields(WIDTH, HEIGHT, bits=16, photometric=0)), deep(65535 - GREY16), 16


def bits_page(samples, depth, flip=False, **fields):
    """A page of samples with fewer than 8 bits; `flip` reverses the bits of each byte."""
    bits = ((samples[..., None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
    packed = np.packbits(bits.reshape(samples.shape[0], -1), axis=1, bitorder="little" if flip else "big")
    height, width = samples.shape
    return [packed.tobytes()], tiff_fields(width, height, bits=depth, **fields)


# ---- WebP ------------------------------------------------------------------------------------------------


def riff(kind, data):
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def webp(*chunks):
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webps():
    rgb, rgba = Image.fromarray(RGB), Image.fromarray(RGBA)
    colour = Image.fromarray(np.dstack([Y, CB, CR]))
    whole = saved(rgb, "WEBP", lossless=True)
    image = whole[12:]
    flags = lambda bits: riff(b"VP8X", bytes([bits, 0, 0, 0]) + struct.pack("<I", WIDTH - 1)[:3] + struct.pack("<I", HEIGHT - 1)[:3])
    yield "odd-lossless.webp", whole
    yield "odd-lossy.webp", saved(colour, "WEBP", quality=90)
    yield "odd-lossy-alpha.webp", saved(rgba, "WEBP", quality=90)
    yield "odd-lossless-alpha.webp", saved(rgba, "WEBP", lossless=True, exact=True)
    yield "odd-icc-and-exif.webp", saved(rgb, "WEBP", lossless=True, icc_profile=profile(), exif=orientation(6))
    yield "odd-unknown-chunk.webp", webp(flags(0), riff(b"JUNK", b"abc"), image)
    yield "odd-metadata-not-flagged.webp", webp(flags(0), image, riff(b"XMP ", b"<x/>"))
    yield "odd-trailing-garbage.webp", whole + b"garbage"
    frames = [rgb, Image.fromarray(255 - RGB)]
    yield "odd-animated.webp", saved(frames[0], "WEBP", lossless=True, save_all=True, append_images=frames[1:])
    yield "odd-one-pixel.webp", saved(rgb.crop((0, 0, 1, 1)), "WEBP", lossless=True)


def odd_files():
    yield from jpegs()
    yield from pngs()
    yield from tiffs()
    yield from webps()
