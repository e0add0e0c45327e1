#!/usr/bin/env python3
"""no_known.py MOVES.json TRUTH.csv: how many photos with a known person stay, and how many without one go,
by the output of `facesort clean --no-known --json`."""

import csv
import json
import os
import sys
import unicodedata


def name(path):
    return unicodedata.normalize("NFC", os.path.basename(path))


def main():
    moves, truth = sys.argv[1:3]
    with open(moves, encoding="utf-8") as file:
        summary = json.loads(file.read().splitlines()[-1])
    gone = {name(move["photo"]) for move in summary["moves"]}
    known, others = [], []
    with open(truth, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] != "bad":
                (known if row["people"] else others).append(name(row["photo"]) in gone)
    stay = 1 - sum(known) / len(known)
    go = sum(others) / len(others)
    print(
        f"- `--no-known`: {100 * stay:.1f} % of {len(known)} photos with a known person stay, "
        f"{100 * go:.1f} % of {len(others)} without go")


if __name__ == "__main__":
    main()
