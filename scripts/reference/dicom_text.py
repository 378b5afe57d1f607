#!/usr/bin/python3
"""DICOM text in every character set, as pydicom decodes it.

Writes fixtures/dicom/text.json: values with their Specific Character Set, read by pydicom from a data set in memory; and
fixtures/dicom/character-sets.json: whole tables of single characters, by the codecs that pydicom uses. U+FFFD stands for
bytes without a character.

pydicom leaves the escape sequence of GB 2312 (ESC $ ) A) in the text. DICOM PS3.5, K.2 says that it is no part of it, so
it is taken out here. Left out are the 20 characters of GB 18030 to which Python's codec of 2000 gives code points for
private use, and newer ones real characters. Names of persons are the standard's own examples (PS3.5, H to K; PS3.18) and made-up ones.
"""

import io
import json
import platform
import random
import struct
import warnings
from pathlib import Path

import pydicom
from pydicom.charset import convert_encodings, encode_string
from pydicom.multival import MultiValue

warnings.simplefilter("ignore")
OUT = Path(__file__).resolve().parents[2] / "fixtures" / "dicom"
TAGS = {"PN": 0x00100010, "LO": 0x0008103E, "LT": 0x00104000, "SH": 0x00081010, "CS": 0x00080060, "UT": 0x0040A160}
GB2312 = "\x1b$)A"


def element(tag, vr, value):
    value += b" " * (len(value) % 2)
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr.encode())
    return head + (struct.pack("<HL", 0, len(value)) if vr == "UT" else struct.pack("<H", len(value))) + value


def read(terms, vr, value):
    parts = {TAGS[vr]: element(TAGS[vr], vr, value)}
    if terms is not None:
        parts[0x00080005] = element(0x00080005, "CS", "\\".join(terms).encode())
    raw = b"".join(part for _, part in sorted(parts.items()))
    found = pydicom.dcmread(io.BytesIO(raw), force=True)[TAGS[vr]].value
    values = list(found) if isinstance(found, MultiValue) else [found]
    one_value = vr in ("LT", "UT")
    cleaned = [str(one).replace(GB2312, "") for one in values]
    cleaned = [one.rstrip("\0 ") if one_value else one.strip("\0 ") for one in cleaned]
    return cleaned if any(cleaned) else []


def case(name, terms, vr, value):
    return {"name": name, "terms": terms, "vr": vr, "bytes": value.hex(), "values": read(terms, vr, value)}


NAMED = [
    ("no character set", None, "LO", b"Thorax PA"),
    ("an empty character set", [""], "LO", b"Thorax PA"),
    ("Latin-1 without a character set, as pydicom reads it", None, "LO", b"Thorax seitl\xe4ngs"),
    ("several values with spaces", ["ISO_IR 100"], "LO", b" CHEST \\\\LAT\\ "),
    ("a null at the end", ["ISO_IR 100"], "LO", b"CHEST\0"),
    ("only spaces", ["ISO_IR 100"], "LO", b"    "),
    ("backslashes in a long text", ["ISO_IR 100"], "LT", b" C:\\a\\b \r\nline "),
    ("an unlimited text", ["ISO_IR 192"], "UT", "é\\è".encode()),
    ("a code, in Latin-1 whatever the set", ["ISO_IR 192"], "CS", b"CH\xcaST"),
    ("a name with empty groups", ["ISO_IR 100"], "PN", b"Doe^Jane^^^=="),
    ("two names", ["ISO_IR 100"], "PN", b"Doe^Jane\\Roe^Richard"),
    ("German", ["ISO_IR 100"], "PN", "Äneas^Rüdiger".encode("latin1")),
    ("French", ["ISO_IR 100"], "PN", "Buc^Jérôme".encode("latin1")),
    ("Greek", ["ISO_IR 126"], "PN", b"\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2"),
    ("Arabic", ["ISO_IR 127"], "PN", b"\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1"),
    ("Hebrew", ["ISO_IR 138"], "PN", b"\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4"),
    ("Russian", ["ISO_IR 144"], "PN", b"\xbb\xee\xda\x63\x65\xdc\xd1\xe3\xe0\xd3"),
    ("Turkish", ["ISO_IR 148"], "PN", "Çağrı^Şule İpek".encode("iso8859_9")),
    ("Thai", ["ISO_IR 166"], "LO", b"\xb7\xc3\xc7\xa7\xcd\xa1"),
    ("Polish", ["ISO_IR 101"], "LO", "Zażółć gęślą jaźń".encode("iso8859_2")),
    ("Maltese", ["ISO_IR 109"], "LO", "Ħal Għaxaq".encode("iso8859_3")),
    ("Latvian", ["ISO_IR 110"], "LO", "krūškurvis, ķirbis".encode("iso8859_4")),
    (
        "Japanese, PS3.5 H.3.1",
        ["", "ISO 2022 IR 87"],
        "PN",
        b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
    ),
    (
        "Japanese, PS3.5 H.3.2",
        ["ISO 2022 IR 13", "ISO 2022 IR 87"],
        "PN",
        b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
    ),
    ("half-width katakana", ["ISO_IR 13"], "LO", b"\xb7\xae\xb3\xcc\xde PA \\ LAT"),
    (
        "Korean, PS3.5 I.2",
        ["", "ISO 2022 IR 149"],
        "PN",
        b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
    ),
    ("Korean lines, PS3.5 I.3", ["", "ISO 2022 IR 149"], "LT", b"\x1b$)CThe \xb1\xe8\xc8\xf1 line.\r\nplain\r\n\x1b$)C\xb1\xe8"),
    ("Chinese in UTF-8, PS3.5 J.1", ["ISO_IR 192"], "PN", "Wang^XiaoDong=王^小东".encode()),
    ("Chinese in GB18030, PS3.5 J.3", ["GB18030"], "PN", "Wang^XiaoDong=王^小东".encode("gb18030")),
    ("four bytes of GB18030", ["GB18030"], "LO", "𠀀 𐀀 é €".encode("gb18030")),
    ("Chinese in GBK", ["GBK"], "PN", "Wang^XiaoDong=王^小东".encode("gbk")),
    ("Chinese in GB 2312, PS3.5 K.2", ["", "ISO 2022 IR 58"], "PN", b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab="),
    ("Chinese lines, PS3.5 K.3", ["", "ISO 2022 IR 58"], "LT", b"1. \x1b$)A\xb5\xda\xd2\xbb\xd0\xd0\xce\xc4\xd7\xd6\r\n2. \x1b$)A\xb5\xda\xb6\xfe\r\n"),
    ("kanji of JIS X 0212", ["", "ISO 2022 IR 87", "ISO 2022 IR 159"], "LO", b"\x1b$(D\x30\x21\x6d\x63\x1b$B;3\x1b(B end"),
    ("Greek within Latin", ["ISO 2022 IR 100", "ISO 2022 IR 126"], "PN", b"Dionysios=\x1b-F\xc4\xe9\xef^\xe9"),
    ("a delimiter that ends a switch", ["ISO 2022 IR 100", "ISO 2022 IR 144"], "PN", b"\x1b-L\xbb\xee\xda^J\xe9r\xf4me"),
    ("a line end that ends a switch", ["ISO 2022 IR 100", "ISO 2022 IR 144"], "LT", b"\x1b-L\xbb\xee\xda\r\nJ\xe9r\xf4me"),
    ("a switch to ASCII", ["ISO 2022 IR 100", "ISO 2022 IR 144"], "LO", b"\x1b-L\xbb\xee\x1b(B plain"),
    ("a switch that is not announced", ["ISO_IR 100"], "LO", b"a\x1b-L\xbb\xee b"),
    ("an unknown escape sequence", ["ISO_IR 100"], "LO", b"a\x1b!Zb"),
    ("an escape character at the end", ["ISO_IR 100"], "LO", b"abc\x1b"),
    ("bytes that are not UTF-8", ["ISO_IR 192"], "LO", b"a\xff\xfe\xc3"),
    ("half of a Korean character", ["ISO 2022 IR 149"], "LO", b"\xb1\xe8\xb1 a"),
    ("a misspelt term", ["ISO-IR 144"], "LO", b"\xbb\xee"),
    ("another misspelt term", ["ISO IR 144"], "LO", b"\xbb\xee"),
    ("a misspelt term with extensions", ["ISO_2022_IR_100", "ISO-2022-IR-144"], "LO", b"\xe9\x1b-L\xbb\xee"),
    ("an unknown term", ["ISO_IR 999"], "LO", b"\xe9"),
    ("UTF-8 with extensions that it cannot have", ["ISO_IR 192", "ISO 2022 IR 144"], "LO", "é".encode()),
    ("UTF-8 as an extension", ["ISO 2022 IR 100", "ISO_IR 192", "ISO 2022 IR 144"], "LO", b"\xe9\x1b-L\xbb\xee"),
]

MIXED = [
    (["ISO 2022 IR 100", "ISO 2022 IR 144", "ISO 2022 IR 126"], "aé Zдж ωΣ^"),
    (["ISO 2022 IR 101", "ISO 2022 IR 138", "ISO 2022 IR 166"], "ażź אבג กขฃ^"),
    (["ISO 2022 IR 13", "ISO 2022 IR 87"], "ﾔﾏﾀ 山田太郎かなabc^"),
    (["ISO 2022 IR 6", "ISO 2022 IR 87", "ISO 2022 IR 159"], "山田ab丂侄^"),
    (["ISO 2022 IR 6", "ISO 2022 IR 149"], "홍길동 abc洪吉洞^"),
    (["ISO 2022 IR 148", "ISO 2022 IR 127"], "ğİş abc قبا^"),
]


def drawn(count):
    draw = random.Random(15)
    for i in range(count):
        terms, letters = MIXED[i % len(MIXED)]
        vr = draw.choice(["LO", "LT", "PN"])
        text = "".join(draw.choices(letters, k=draw.randrange(1, 14)))
        try:
            value = encode_string(text, convert_encodings(terms))
        except Exception:
            continue
        yield case(f"drawn {i}", terms, vr, value)


G = range(0x21, 0x7F)
H = range(0xA1, 0xFF)


def table(encoding, codec, lead, seconds, wrap=lambda pair: pair):
    rows = [{"first": a, "text": "".join(wrap(bytes([a, b])).decode(codec, "replace")[:1] for b in seconds)} for a in lead]
    return {"encoding": encoding, "from": seconds[0], "rows": rows}


def single(encoding, codec):
    text = "".join(bytes([b]).decode(codec, "replace") for b in range(256))
    return {"encoding": encoding, "from": 0, "rows": [{"first": None, "text": text}]}


TABLES = [
    single("latin1", "latin_1"),
    single("iso-8859-2", "iso8859_2"),
    single("iso-8859-3", "iso8859_3"),
    single("iso-8859-4", "iso8859_4"),
    single("iso-8859-5", "iso_ir_144"),
    single("iso-8859-6", "iso_ir_127"),
    single("iso-8859-7", "iso_ir_126"),
    single("iso-8859-8", "iso_ir_138"),
    single("latin5", "iso_ir_148"),
    single("thai", "iso_ir_166"),
    single("shift_jis", "shift_jis"),
    table("shift_jis", "shift_jis", [0x81, 0x82, 0x83, 0x84, 0x88, 0x9F, 0xE0, 0xEA], range(0x40, 0xFD)),
    table("jisx0208", "iso2022_jp", G, G, lambda pair: b"\x1b$B" + pair),
    table("jisx0212", "iso2022_jp_2", G, G, lambda pair: b"\x1b$(D" + pair),
    table("ksx1001", "euc_kr", H, H),
    table("gb2312", "gb2312", H, H),
    table("gbk", "gbk", range(0x81, 0xFF, 6), range(0x40, 0xFF)),
]


def write(name, content):
    made_with = {"pydicom": pydicom.__version__, "python": platform.python_version()}
    text = json.dumps({"made_with": made_with, **content}, indent=1, ensure_ascii=False)
    (OUT / name).write_text(text + "\n", encoding="utf-8")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    write("text.json", {"cases": [case(*one) for one in NAMED] + list(drawn(90))})
    write("character-sets.json", {"tables": TABLES})


if __name__ == "__main__":
    main()
