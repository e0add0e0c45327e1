"""Compares boxes found with boxes known. A box is left, top, right, bottom in pixels."""

import collections
import csv

# A face counts as found when boxes overlap this much: detectors frame the same face differently.
ENOUGH_OVERLAP = 0.4


def overlap(a, b):
    """Intersection over union of two boxes."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return common / (areas - common)


def pairs(boxes, others, enough=ENOUGH_OVERLAP):
    """Indices of boxes that belong together; each is used once, the best overlap first."""
    candidates = sorted(
        ((overlap(box, other), i, j)
         for i, box in enumerate(boxes) for j, other in enumerate(others)),
        key=lambda one: (-one[0], one[1], one[2]))
    used, used_others, result = set(), set(), []
    for value, i, j in candidates:
        if value >= enough and i not in used and j not in used_others:
            used.add(i)
            used_others.add(j)
            result.append((i, j))
    return result


def score(found, truth):
    """The numbers of faces found and of false ones, over all photos."""
    right = false = 0
    for photo in set(truth) | set(found):
        boxes = found.get(photo, [])
        count = len(pairs(boxes, truth.get(photo, [])))
        right += count
        false += len(boxes) - count
    return right, false


def boxes_of(lines):
    """Boxes by photo from CSV with the columns photo, left, top, right, bottom."""
    boxes = collections.defaultdict(list)
    for row in csv.DictReader(lines):
        boxes[row["photo"]].append(
            [float(row[side]) for side in ("left", "top", "right", "bottom")])
    return boxes
