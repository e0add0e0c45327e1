"""Counts the faces that the detector misses, and what a lower threshold finds, in a labelled event.

    missed.py ENGINE_BENCHMARK EVENT    EVENT holds truth.csv, boxes.csv and the photos in event/

Prints, by the height of the labelled face and by the score above which boxes count, how many
faces are found, and how many boxes are no labelled face: everywhere, and where lower scores count
only inside groups, in photos with three sure faces of about the same height. The CNN alone is
measured, at the size at which facesort searches; its second look and HOG come on top. Photos that
are neither JPEG nor PNG, are turned by EXIF or cannot be read are left out.
"""

import csv
import json
import os
import statistics
import struct
import subprocess
import sys

# facesort's: the longer side, the score from which a box is a face at once.
SIDE = 2400
SURE = 0.1
THRESHOLDS = (0.1, 0.0, -0.1, -0.2, -0.3, -0.4, -0.5)
# Heights of labelled faces in pixels of the photo.
CLASSES = ((0, 20), (20, 30), (30, 40), (40, 60), (60, None))
LEAST_OVERLAP = 0.2
# How many sure faces make a group, and by how much the height of a face may differ from theirs.
GROUP = 3
SIZE_FACTOR = 2
BATCH = 20


def orientation(path):
    """The EXIF orientation of a JPEG; 1 where there is none."""
    with open(path, "rb") as file:
        data = file.read(1 << 17)
    if data[:2] != b"\xff\xd8":
        return 1
    start = data.find(b"Exif\0\0")
    if start < 0:
        return 1
    tiff = data[start + 6:]
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        offset = struct.unpack(order + "I", tiff[4:8])[0]
        for index in range(struct.unpack(order + "H", tiff[offset:offset + 2])[0]):
            entry = tiff[offset + 2 + 12 * index:][:12]
            if struct.unpack(order + "H", entry[:2])[0] == 0x0112:
                return struct.unpack(order + "H", entry[8:10])[0]
    except struct.error:
        pass
    return 1


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def detect(program, paths):
    """What the detector finds in the photos; those that it cannot read are left out."""
    found = subprocess.run(
        [program, "detect", "--pyramid", "4/3", "--side", str(SIDE),
         "--threshold", str(min(THRESHOLDS)), *paths], capture_output=True, check=False)
    if found.returncode == 0:
        return json.loads(found.stdout)["photos"]
    if len(paths) == 1:
        return []
    return [photo for path in paths for photo in detect(program, [path])]


def overlap(one, other):
    """The intersection of two boxes by their union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0
    both = width * height
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return both / (sum(areas) - both)


def matched(boxes, labels):
    """For each box the index of its label, the best overlaps first; None for a false one."""
    pairs = sorted(((overlap(box, label), i, j) for i, box in enumerate(boxes)
                    for j, label in enumerate(labels)), reverse=True)
    label_of, taken = {}, set()
    for share, i, j in pairs:
        if share >= LEAST_OVERLAP and i not in label_of and j not in taken:
            label_of[i] = j
            taken.add(j)
    return [label_of.get(i) for i in range(len(boxes))]


def of_group(photo):
    """For each box whether it is sure, or as large as the sure faces of a group around it."""
    heights = [box[3] - box[1] for box in photo["boxes"]]
    sure = [h for h, score in zip(heights, photo["scores"]) if score > SURE]
    if len(sure) < GROUP:
        return [score > SURE for score in photo["scores"]]
    usual = statistics.median(sure)
    return [score > SURE or usual / SIZE_FACTOR <= height <= usual * SIZE_FACTOR
            for height, score in zip(heights, photo["scores"])]


def class_of(height):
    return next(index for index, (least, below) in enumerate(CLASSES)
                if height >= least and (below is None or height < below))


def table(photos, labels, is_group_only):
    """Rows of the table: the score, faces found of each class, all, and false boxes."""
    for threshold in THRESHOLDS:
        found, false = [0] * len(CLASSES), 0
        for photo in photos:
            own = labels[os.path.basename(photo["photo"])]
            allowed = of_group(photo) if is_group_only else [True] * len(photo["boxes"])
            boxes = [box for box, score, ok in zip(photo["boxes"], photo["scores"], allowed)
                     if score > threshold and ok]
            for label in matched(boxes, own):
                if label is None:
                    false += 1
                else:
                    found[class_of(own[label][3] - own[label][1])] += 1
        yield [f"{threshold:+.1f}", *found, sum(found), false]


def main():
    program, event = sys.argv[1:]
    bad = {row["photo"] for row in rows(os.path.join(event, "truth.csv")) if row["kind"] == "bad"}
    labels = {}
    unplaced = set(bad)
    for row in rows(os.path.join(event, "boxes.csv")):
        if not row["left"]:
            unplaced.add(row["photo"])
            continue
        labels.setdefault(row["photo"], []).append(
            [float(row[side]) for side in ("left", "top", "right", "bottom")])
    # A photo without a face has no row; all its boxes are false.
    for row in rows(os.path.join(event, "truth.csv")):
        if row["faces"] == "0":
            labels.setdefault(row["photo"], [])
    paths = []
    for name in sorted(labels):
        path = os.path.join(event, "event", name)
        if name in unplaced or not name.lower().endswith((".jpg", ".jpeg", ".png")):
            continue
        if os.path.exists(path) and orientation(path) == 1:
            paths.append(path)
    photos = []
    for start in range(0, len(paths), BATCH):
        photos += detect(program, paths[start:start + BATCH])
    counts = [0] * len(CLASSES)
    for photo in photos:
        for label in labels[os.path.basename(photo["photo"])]:
            counts[class_of(label[3] - label[1])] += 1
    names = [f"below {b} px" if a == 0 else f"{a} px and more" if b is None else f"{a} to {b} px"
             for a, b in CLASSES]
    print(f"{sum(counts)} labelled faces in {len(photos)} photos.")
    for title, is_group_only in (("everywhere", False), ("inside groups only", True)):
        print(f"\n### Faces found where lower scores count {title}\n")
        header = ["score above"] + [f"{name} (of {count})" for name, count in zip(names, counts)]
        print("| " + " | ".join(header + ["all", "false"]) + " |")
        print("|" + "---|" * (len(header) + 2))
        for row in table(photos, labels, is_group_only):
            print("| " + " | ".join(map(str, row)) + " |")


if __name__ == "__main__":
    main()
