"""Picture files laid out by hand, so that any field can hold what no encoder would write.

PNG follows ISO/IEC 15948, TIFF follows TIFF 6.0, and baseline JPEG ITU-T T.81 with the Huffman tables of annex K.
"""

import io
import struct
import zlib

import numpy as np


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


# ---- PNG -------------------------------------------------------------------------------------------------

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(tag, data):
    return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))


def png_rows(part, depth, filters=(0,)):
    """Rows of samples with their filter bytes; the filters alternate."""
    step = max(1, part.shape[2] * depth // 8)
    out, above = b"", None
    for y, row in enumerate(part):
        flat = row.reshape(-1)
        if depth == 16:
            line = flat.astype(">u2").tobytes()
        else:
            bits = ((flat[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
            line = np.packbits(bits.reshape(-1)).tobytes()
        kind = filters[y % len(filters)]
        out += bytes([kind]) + filtered(line, above or bytes(len(line)), step, kind)
        above = line
    return out


def filtered(line, above, step, kind):
    """One row with a PNG filter applied: none, sub, up, average, Paeth."""
    left = bytes(step) + line[: len(line) - step] if len(line) > step else bytes(len(line))
    corner = bytes(step) + above[: len(line) - step] if len(line) > step else bytes(len(line))

    def paeth(a, b, c):
        distances = [abs(b - c), abs(a - c), abs(a + b - 2 * c)]
        return (a, b, c)[distances.index(min(distances))]

    guess = [
        lambda a, b, c: 0,
        lambda a, b, c: a,
        lambda a, b, c: b,
        lambda a, b, c: (a + b) // 2,
        paeth,
    ][kind]
    return bytes((v - guess(a, b, c)) & 255 for v, a, b, c in zip(line, left, above, corner))


def png_body(samples, depth, interlaced=False, filters=(0,)):
    samples = samples.reshape(samples.shape[0], samples.shape[1], -1)
    if not interlaced:
        return png_rows(samples, depth, filters)
    passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
    return b"".join(png_rows(part, depth, filters) for part in passes if part.size)


def png_header(samples, depth, colour_type, interlaced=False):
    height, width = samples.shape[:2]
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced)))


def png(samples, depth, colour_type, interlaced=False, extra=b"", filters=(0,), idat=None, after=b"", end=True):
    """A PNG of H·W or H·W·C samples.

    `extra` goes before the pixels and `after` after them; `idat` splits the compressed body into chunks.
    """
    body = zlib.compress(png_body(samples, depth, interlaced, filters), 9)
    return (
        PNG_SIGNATURE
        + png_header(samples, depth, colour_type, interlaced)
        + extra
        + (chunk(b"IDAT", body) if idat is None else idat(body))
        + after
        + (chunk(b"IEND", b"") if end else b"")
    )


# ---- TIFF ------------------------------------------------------------------------------------------------

TIFF_TYPES = {1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 6: "b", 7: "s", 8: "h", 9: "i", 12: "d", 16: "Q"}
TIFF_NAMES = {
    "subfile": 254,
    "width": 256,
    "height": 257,
    "bits": 258,
    "compression": 259,
    "photometric": 262,
    "fill_order": 266,
    "offsets": 273,
    "orientation": 274,
    "samples": 277,
    "rows": 278,
    "counts": 279,
    "planar": 284,
    "predictor": 317,
    "colormap": 320,
    "tile_width": 322,
    "tile_height": 323,
    "tile_offsets": 324,
    "tile_counts": 325,
    "extra": 338,
    "sample_format": 339,
}


def tiff_value(order, kind, value):
    """The bytes of a field's value, and the number of values in them."""
    if isinstance(value, bytes):
        return value, len(value)
    values = value if isinstance(value, (list, tuple)) else [value]
    return b"".join(struct.pack(order + TIFF_TYPES[kind], *np.atleast_1d(v)) for v in values), len(values)


def tiff_directory(at, fields, order="<", big=False, then=0):
    """A directory at offset `at`, followed by the values that do not fit into it."""
    count, entry, inline = ("Q", "HHQ", 8) if big else ("H", "HHI", 4)
    offset = "Q" if big else "I"
    size = struct.calcsize("<" + count) + len(fields) * (20 if big else 12) + inline
    table, behind = struct.pack(order + count, len(fields)), b""
    for tag, kind, value in fields:
        data, number = tiff_value(order, kind, value)
        table += struct.pack(order + entry, tag, kind, number)
        if len(data) <= inline:
            table += data.ljust(inline, b"\0")
        else:
            table += struct.pack(order + offset, at + size + len(behind))
            behind += data + b"\0" * (len(data) % 2)
    return table + struct.pack(order + offset, then) + behind


def tiff_pages(pages, order="<", big=False):
    """A TIFF of pages, each with a list of blocks (strips or tiles) and its fields as (tag, type, value).

    The strings "offsets" and "counts" as values are replaced by the offsets and byte counts of the blocks.
    """
    mark = b"II" if order == "<" else b"MM"
    head = mark + (struct.pack(order + "HHHQ", 43, 8, 0, 0) if big else struct.pack(order + "HI", 42, 0))
    out, links = bytearray(head), [8 if big else 4]
    for blocks, fields in pages:
        offsets = []
        for block in blocks:
            offsets.append(len(out))
            out += block + b"\0" * (len(block) % 2)
        known = {"offsets": offsets, "counts": [len(block) for block in blocks]}
        fields = [(t, k, known.get(v, v) if isinstance(v, str) else v) for t, k, v in fields]
        at = len(out)
        struct.pack_into(order + ("Q" if big else "I"), out, links[-1], at)
        links.append(at + (8 + 20 * len(fields) if big else 2 + 12 * len(fields)))
        out += tiff_directory(at, fields, order, big)
    return bytes(out)


def tiff_fields(width, height, bits=8, samples=1, photometric=1, compression=1, rows=None, **more):
    """The fields of a baseline page, ascending by tag; `more` uses the names of TIFF_NAMES. None leaves a field out."""
    tiled = "tile_width" in more
    fields = {
        "width": (4, width),
        "height": (4, height),
        "bits": (3, [bits] * samples),
        "compression": (3, compression),
        "photometric": (3, photometric),
        "samples": (3, samples),
    }
    if tiled:
        fields |= {"tile_offsets": (4, "offsets"), "tile_counts": (4, "counts")}
    else:
        fields |= {"offsets": (4, "offsets"), "rows": (4, rows or height), "counts": (4, "counts")}
    fields |= {name: value if isinstance(value, tuple) else (3, value) for name, value in more.items()}
    return sorted((TIFF_NAMES[name], *value) for name, value in fields.items() if value[1] is not None)


def strips(samples, rows, order="<"):
    """The bytes of each strip of whole-byte samples."""
    kind = samples.dtype.newbyteorder(order)
    return [samples[y : y + rows].astype(kind).tobytes() for y in range(0, samples.shape[0], rows)]


def tiles(samples, size, order="<"):
    """The bytes of each tile of `size`², padded with zeros beyond the picture."""
    height, width = samples.shape[:2]
    padding = [(0, -height % size), (0, -width % size)] + [(0, 0)] * (samples.ndim - 2)
    padded = np.pad(samples, padding).astype(samples.dtype.newbyteorder(order))
    return [
        padded[y : y + size, x : x + size].tobytes()
        for y in range(0, padded.shape[0], size)
        for x in range(0, padded.shape[1], size)
    ]


def packbits(data):
    """PackBits in literal runs of at most 128 bytes, with a repeat where 3 bytes are equal."""
    out, at = b"", 0
    while at < len(data):
        run = 1
        while run < 128 and at + run < len(data) and data[at + run] == data[at]:
            run += 1
        if run >= 3:
            out += bytes([257 - run, data[at]])
            at += run
            continue
        end = min(at + 128, len(data))
        for i in range(at, end - 2):
            if data[i] == data[i + 1] == data[i + 2]:
                end = max(i, at + 1)
                break
        out += bytes([end - at - 1]) + data[at:end]
        at = end
    return out


def predicted(samples):
    """Differences along rows, as stored by TIFF's predictor 2."""
    out = samples.copy()
    out[:, 1:] -= samples[:, :-1]
    return out


# ---- JPEG ------------------------------------------------------------------------------------------------

ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, i % 8 if (i // 8 + i % 8) % 2 == 0 else i // 8))
DC_BITS, DC_VALUES = [0, 1, 5, 1, 1, 1, 1, 1, 1] + [0] * 7, list(range(12))
AC_BITS = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125]
AC_VALUES = bytes.fromhex(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728"
    "292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a83848586878889"
    "8a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2"
    "e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa"
)


def segment(marker, data=b""):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def huffman_codes(bits, values):
    code, at, codes = 0, 0, {}
    for length, number in enumerate(bits, 1):
        for _ in range(number):
            codes[values[at]] = (code, length)
            code, at = code + 1, at + 1
        code <<= 1
    return codes


DC_CODES, AC_CODES = huffman_codes(DC_BITS, DC_VALUES), huffman_codes(AC_BITS, AC_VALUES)
COSINES = np.array(
    [[(0.5 if u else 0.125**0.5) * np.cos((2 * x + 1) * u * np.pi / 16) for x in range(8)] for u in range(8)]
)


class Bits:
    """Entropy-coded bits, with a 0 after each byte 255."""

    def __init__(self):
        self.text = ""

    def put(self, value, length):
        self.text += format(value, f"0{length}b") if length else ""

    def number(self, value, prefix):
        size = abs(value).bit_length()
        prefix(size)
        self.put(value if value >= 0 else value + (1 << size) - 1, size)

    def bytes(self):
        text = self.text + "1" * (-len(self.text) % 8)
        return int(text or "0", 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\0")


def code_block(bits, block, before, quantum):
    spectrum = COSINES @ (block.astype(np.float64) - 128) @ COSINES.T
    values = [int(round(v)) for v in (spectrum / quantum).reshape(-1)[ZIGZAG]]
    bits.number(values[0] - before, lambda size: bits.put(*DC_CODES[size]))
    run, last = 0, max([i for i in range(64) if values[i]], default=0)
    for value in values[1 : last + 1]:
        if value == 0:
            run += 1
            continue
        while run > 15:
            bits.put(*AC_CODES[0xF0])
            run -= 16
        bits.number(value, lambda size, run=run: bits.put(*AC_CODES[run << 4 | size]))
        run = 0
    if last < 63:
        bits.put(*AC_CODES[0])
    return values[0]


def jpeg_scan(planes, sampling, width, height, quantum, restart):
    """The entropy-coded data of one scan of some planes, each subsampled by its mean."""
    across, down = max(h for h, _ in sampling), max(v for _, v in sampling)
    alone = len(planes) == 1
    small = []
    for plane, (h, v) in zip(planes, sampling):
        fx, fy = (1, 1) if alone else (across // h, down // v)
        plane = np.pad(plane, [(0, -height % fy), (0, -width % fx)], "edge")
        plane = plane.reshape(plane.shape[0] // fy, fy, plane.shape[1] // fx, fx).mean(axis=(1, 3))
        step = (8, 8) if alone else (8 * v, 8 * h)
        small.append(np.pad(plane, [(0, -plane.shape[0] % step[0]), (0, -plane.shape[1] % step[1])], "edge"))
    units = [(1, 1)] if alone else sampling
    wide = small[0].shape[1] // (8 * units[0][0])
    high = small[0].shape[0] // (8 * units[0][1])
    out, bits, before = b"", Bits(), [0] * len(planes)
    for mcu in range(wide * high):
        if restart and mcu and mcu % restart == 0:
            out += bits.bytes() + bytes([0xFF, 0xD0 + (mcu // restart - 1) % 8])
            bits, before = Bits(), [0] * len(planes)
        x, y = mcu % wide, mcu // wide
        for i, (plane, (h, v)) in enumerate(zip(small, units)):
            for by in range(v):
                for bx in range(h):
                    top, left = (y * v + by) * 8, (x * h + bx) * 8
                    block = plane[top : top + 8, left : left + 8]
                    before[i] = code_block(bits, block, before[i], quantum)
    return out + bits.bytes()


def jpeg(planes, sampling=None, quantum=3, restart=0, frame=0xC0, ids=None, head=None, wide_dqt=False, split=False,
         parameters=(0, 63, 0), before_sos=b"", tables_apart=False):
    """A JPEG of planes of samples (Y; Y, Cb, Cr; …), which are coded as given.

    `head` is what follows SOI (JFIF by default), `parameters` are the scan's Ss, Se and Ah/Al, and `split` makes a scan
    for each plane.
    """
    height, width = planes[0].shape
    sampling = sampling or [(1, 1)] * len(planes)
    ids = ids or list(range(1, len(planes) + 1))
    table = np.full((8, 8), quantum)
    dqt = struct.pack(">64H", *[quantum] * 64) if wide_dqt else bytes([quantum] * 64)
    shape = struct.pack(">BHHB", 8, height, width, len(planes))
    for one, (h, v) in zip(ids, sampling):
        shape += bytes([one, h << 4 | v, 0])
    dc = bytes([0x00, *DC_BITS, *DC_VALUES])
    ac = bytes([0x10, *AC_BITS]) + AC_VALUES
    huffman = segment(0xC4, dc) + segment(0xC4, ac) if tables_apart else segment(0xC4, dc + ac)
    out = b"\xff\xd8" + (JFIF if head is None else head)
    out += segment(0xDB, bytes([0x10 if wide_dqt else 0]) + dqt) + segment(frame, shape) + huffman
    out += segment(0xDD, struct.pack(">H", restart)) if restart else b""
    groups = [[i] for i in range(len(planes))] if split else [list(range(len(planes)))]
    for group in groups:
        scan = bytes([len(group)]) + b"".join(bytes([ids[i], 0]) for i in group) + bytes(parameters)
        some = [planes[i] for i in group], [sampling[i] for i in group]
        out += before_sos + segment(0xDA, scan) + jpeg_scan(*some, width, height, table, restart)
    return out + b"\xff\xd9"


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


def adobe(transform):
    return segment(0xEE, b"Adobe\0d\0\0\0\0" + bytes([transform]))
