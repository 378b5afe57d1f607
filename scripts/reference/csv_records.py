#!/usr/bin/python3
"""Expected CSV records, from Python's csv.writer (QUOTE_MINIMAL).

Writes fixtures/csv/records.json: the fields of each record with its line, which ends in LF. The writer is told to end
lines with CRLF, because it quotes the characters of its own line end, so that CR is quoted as well.
"""

import csv
import io
import json
import platform
import random
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "csv"

NAMED = [
    ["Image Index", "prob_Pleural_Thickening", "calibrated_Mass"],
    ["00000001_000.png", "0.25", ""],
    ["a,b.png", 'the "big" one.png', '"'],
    [" space before.png", "space after.png ", "\ttab"],
    ["two\nlines.png", "old\rMac.png", "Windows\r\n.png"],
    ["=1+1", "+1", "-1", "@cell"],
    ["1e-7", "semicolon;", "'single'"],
    ["Übersicht.png", "U\u0308bersicht.png", "肺.png", "🫁"],
    ["\ufeffmark.png", "no\u00a0break", "line\u2028separator"],
    ["", "", ""],
]
ATOMS = ['"', ",", "\n", "\r", " ", "\t", "a", "b.png", "é", "肺", "\ufeff", "=", "-", ";", "'", "1e-7", "\u2029"]


def drawn(count):
    draw = random.Random(13)
    field = lambda: "".join(draw.choices(ATOMS, k=draw.randrange(5)))
    # A single empty field would be written as "", which none of our records is.
    return [[field() for _ in range(draw.randrange(2, 6))] for _ in range(count)]


def line(fields):
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(fields)
    return out.getvalue()[:-2] + "\n"


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    records = [{"fields": fields, "line": line(fields)} for fields in NAMED + drawn(200)]
    made_with = {"python": platform.python_version()}
    text = json.dumps({"made_with": made_with, "records": records}, indent=1)
    (OUT / "records.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
