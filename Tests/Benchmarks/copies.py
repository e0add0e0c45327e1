#!/usr/bin/env python3
"""What many copies of one picture cost, compared with as many different pictures.

    copies.py FACESORT FOLDER [COUNT] [PHOTO]

Makes COUNT small pictures (20,000 by default) in FOLDER, which must not exist: all of one scene,
all different, and all of one scene with noise, like those of a camera on a tripod; with PHOTO also as
many copies of that. Every file has different bytes. Sorts them, sorts them again and asks `clean` for
duplicates, and prints the time and the peak memory of each.
"""

import os
import random
import struct
import subprocess
import sys
import zlib

import measuring

COLUMNS, ROWS = 64, 48
# The most memory that `sort` may take, and how many times the time of as many different pictures.
PEAK_BYTES = 600_000_000
SLOWDOWN = 3


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(
        ">I", zlib.crc32(kind + content))


def png(greys):
    rows = b"".join(b"\0" + greys[row * COLUMNS:(row + 1) * COLUMNS] for row in range(ROWS))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", COLUMNS, ROWS, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def pictures(kind, count, photo):
    numbers = random.Random(1)
    scene = numbers.randbytes(COLUMNS * ROWS)
    one = png(scene)
    for _ in range(count):
        if kind == "same":
            yield one
        elif kind == "different":
            yield png(numbers.randbytes(COLUMNS * ROWS))
        elif kind == "noisy":
            noise = numbers.randbytes(COLUMNS * ROWS)
            yield png(bytes(min(255, grey + change % 8) for grey, change in zip(scene, noise)))
        else:
            yield photo


def make(folder, kind, count, photo, suffix):
    os.makedirs(folder)
    for number, picture in enumerate(pictures(kind, count, photo)):
        # Bytes after a picture's end are not shown: the same picture in another file.
        with open(f"{folder}/IMG_{number:05}.{suffix}", "wb") as file:
            file.write(picture + struct.pack(">I", number))


def main():
    program, folder = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 20_000
    photo, suffix = None, "jpg"
    kinds = ["different", "same", "noisy"]
    if len(sys.argv) > 4:
        with open(sys.argv[4], "rb") as file:
            photo = file.read()
        kinds.append("photo")
    costs = {}
    for kind in kinds:
        photos, album, trash = (f"{folder}/{kind}/{name}" for name in ("photos", "album", "bin"))
        make(photos, kind, count, photo, suffix if kind == "photo" else "png")
        for name, command in [
            ("sort", ["sort", photos, "--to", album]), ("again", ["sort", photos, "--to", album]),
            ("clean", ["clean", photos, "--to", trash, "--duplicates", "--album", album]),
        ]:
            cost = measuring.run([program, *command, "--quiet"])
            costs[kind, name] = cost
            print(f"{kind:10} {name:6} {cost.seconds:8.1f} s, CPU {cost.cpu_seconds:8.1f} s, "
                  f"peak {cost.peak_bytes / 1e6:6.0f} MB", flush=True)
    sort, others = costs["same", "sort"], costs["different", "sort"]
    isMet = sort.peak_bytes <= PEAK_BYTES and sort.cpu_seconds <= SLOWDOWN * others.cpu_seconds
    print(f"copies: at most {PEAK_BYTES / 1e6:.0f} MB and {SLOWDOWN} times the time: "
          f"{'met' if isMet else 'MISSED'}")
    sys.exit(0 if isMet else 1)


if __name__ == "__main__":
    main()
