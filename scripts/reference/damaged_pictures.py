"""Damaged picture files, which must be refused: truncated, with lost samples, or with wrong dimensions."""

import struct
import zlib

import numpy as np
from PIL import Image

from odd_pictures import CB, CR, GREY, HEIGHT, RGB, WIDTH, Y, insert, one, riff, webp
from picture_builders import PNG_SIGNATURE, chunk, jpeg, png, png_body, png_header, saved, tiff_fields, tiff_pages

# PIL reads these with samples that the file does not contain, or ignores a wrong checksum.
PIL_READS = {
    "damaged-bad-codes.jpg",
    "damaged-restart-lost.jpg",
    "damaged-scan-ends-early.jpg",
    "damaged-samsung-scan-ends-early.jpg",
    "damaged-idat-checksum.png",
    "damaged-no-adler.png",
    "damaged-too-few-rows.png",
    "damaged-no-palette.png",
    "damaged-packbits-overrun.tif",
}


def flipped(data, at, mask=0xFF):
    out = bytearray(data)
    out[at] ^= mask
    return bytes(out)


def damaged_jpegs():
    grey = jpeg([Y])
    colour = jpeg([Y, CB, CR], restart=2)
    scan = grey.index(b"\xff\xda") + 10
    samsung = jpeg([Y], parameters=(0, 0, 0))
    progressive = saved(Image.fromarray(np.dstack([Y, CB, CR])), "JPEG", progressive=True)
    yield "damaged-cut-in-header.jpg", grey[:60]
    yield "damaged-cut-before-scan.jpg", grey[:scan]
    yield "damaged-cut-in-scan.jpg", grey[: (scan + len(grey)) // 2]
    yield "damaged-no-end.jpg", grey[:-2]
    yield "damaged-cut-samsung.jpg", samsung[: len(samsung) * 4 // 5]
    yield "damaged-cut-stray.jpg", insert(grey, 0xDB, b"\1\2")[: len(grey) * 4 // 5]
    yield "damaged-cut-progressive.jpg", progressive[: len(progressive) * 2 // 3]
    yield "damaged-scan-ends-early.jpg", grey[: scan + 20] + b"\xff\xd9"
    yield "damaged-samsung-scan-ends-early.jpg", samsung[: scan + 20] + b"\xff\xd9"
    yield "damaged-bad-codes.jpg", grey[: scan + 5] + b"\xff\0" * 6 + grey[scan + 17 :]
    lost = colour.index(b"\xff\xd1")
    yield "damaged-restart-lost.jpg", colour[:lost] + colour[lost + 2 :]
    yield "damaged-header-only.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"
    yield "damaged-no-rows.jpg", grey.replace(struct.pack(">BHH", 8, HEIGHT, WIDTH), struct.pack(">BHH", 8, 0, WIDTH))


def damaged_pngs():
    whole = png(GREY, 8, 0)
    body = zlib.compress(png_body(GREY, 8), 9)
    idat = lambda data: PNG_SIGNATURE + png_header(GREY, 8, 0) + data + chunk(b"IEND", b"")
    yield "damaged-cut-in-ihdr.png", whole[:20]
    yield "damaged-no-idat.png", idat(b"")
    yield "damaged-cut-in-idat.png", whole[:200]
    yield "damaged-idat-ends-early.png", idat(chunk(b"IDAT", body[:150]))
    yield "damaged-too-few-rows.png", idat(chunk(b"IDAT", zlib.compress(png_body(GREY[:12], 8))))
    yield "damaged-idat-checksum.png", idat(flipped(chunk(b"IDAT", body), -1))
    yield "damaged-header-checksum.png", flipped(whole, 30)
    yield "damaged-no-adler.png", idat(chunk(b"IDAT", body[:-4]))
    yield "damaged-adler.png", idat(chunk(b"IDAT", flipped(body, -1)))
    yield "damaged-flipped-in-idat.png", flipped(png(GREY, 8, 0, idat=lambda _: chunk(b"IDAT", zlib.compress(png_body(GREY, 8), 0))), 120)
    yield "damaged-deflate.png", idat(chunk(b"IDAT", body[:40] + b"\xff" * 30 + body[70:]))
    yield "damaged-filter-9.png", idat(chunk(b"IDAT", zlib.compress(b"\x09" + png_body(GREY, 8)[1:])))
    yield "damaged-no-palette.png", png(GREY, 8, 3)
    yield "damaged-wider-than-it-is.png", PNG_SIGNATURE + png_header(np.zeros((HEIGHT, 40)), 8, 0) + whole[33:]


def damaged_tiffs():
    data, fields = GREY.tobytes(), tiff_fields(WIDTH, HEIGHT)
    whole = one([data], fields)
    change = lambda tag, value: [(t, k, value if t == tag else v) for t, k, v in fields]
    squeezed = zlib.compress(RGB.tobytes())
    rgb = tiff_fields(WIDTH, HEIGHT, samples=3, photometric=2, compression=8)
    yield "damaged-header-only.tif", whole[:8]
    yield "damaged-cut-before-directory.tif", whole[: 8 + len(data)]
    yield "damaged-cut-in-directory.tif", whole[: 8 + len(data) + 40]
    front = directory_first(data)
    yield "damaged-cut-strip.tif", front[:-100]
    yield "damaged-cut-strip-unsorted.tif", directory_first(data, unsorted=True)[:-100]
    yield "damaged-offset-outside.tif", one([data], change(273, 10**6))
    yield "damaged-offset-outside-unsorted.tif", one([data], change(273, 10**6)[::-1])
    yield "damaged-wider-than-it-is.tif", one([data], change(256, 300))
    yield "damaged-no-width.tif", one([data], change(256, 0))
    yield "damaged-deflate.tif", one([squeezed[:100] + b"\xff" * 60 + squeezed[160:]], rgb)
    yield "damaged-deflate-unsorted.tif", one([squeezed[:100] + b"\xff" * 60 + squeezed[160:]], rgb[::-1])
    yield "damaged-deflate-ends-early.tif", one([squeezed[:-200]], rgb)
    lzw = saved(Image.fromarray(RGB), "TIFF", compression="tiff_lzw")
    yield "damaged-lzw.tif", lzw[:200] + b"\xff" * 90 + lzw[290:]
    yield "damaged-no-strips.tif", one([data], [f for f in fields if f[0] != 273])
    packed = [b"\x7f" + bytes(128)] * 3
    yield "damaged-packbits-overrun.tif", one(packed, tiff_fields(WIDTH, HEIGHT, compression=32773, rows=6))
    yield "damaged-jpeg.tif", one([jpeg([Y])[:150]], tiff_fields(WIDTH, HEIGHT, compression=7))


def directory_first(data, unsorted=False):
    """A TIFF whose samples come last, as scanners write it."""
    fields = tiff_fields(WIDTH, HEIGHT)
    at = 8 + 2 + 12 * len(fields) + 4
    known = {"offsets": at, "counts": len(data)}
    first = lambda value: value[0] if isinstance(value, list) else known.get(value, value)
    entries = [struct.pack("<HHII", tag, 4, 1, first(value)) for tag, _, value in fields]
    table = struct.pack("<H", len(fields)) + b"".join(entries[::-1] if unsorted else entries) + bytes(4)
    return b"II*\0" + struct.pack("<I", 8) + table + data


def damaged_webps():
    whole = saved(Image.fromarray(RGB), "WEBP", lossless=True)
    lossy = saved(Image.fromarray(np.dstack([Y, CB, CR])), "WEBP", quality=90)
    yield "damaged-header-only.webp", whole[:20]
    yield "damaged-cut.webp", whole[: len(whole) // 2]
    yield "damaged-cut-lossy.webp", lossy[: len(lossy) * 3 // 4]
    yield "damaged-chunk-size.webp", whole[:16] + struct.pack("<I", 60) + whole[20:]
    yield "damaged-no-picture.webp", webp(riff(b"JUNK", b"abc"))
    yield "damaged-lossless.webp", whole[:40] + b"\xff" * 40 + whole[80:]


def damaged_files():
    yield from damaged_jpegs()
    yield from damaged_pngs()
    yield from damaged_tiffs()
    yield from damaged_webps()
