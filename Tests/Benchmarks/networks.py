"""The two networks alone, measured by the program `engine-benchmark`.

`engine-benchmark detect --pyramid 6/5 PHOTO...` prints
    {"photos": [{"photo": NAME, "cpuMilliseconds": NUMBER, "boxes": [[LEFT, TOP, RIGHT, BOTTOM]]}]}
with the CPU time of detection alone, one thread, and boxes in pixels of the photo.
`engine-benchmark roof` prints, in 1e9 arithmetic operations a second on one core,
    {"matmul": {"f32": NUMBER, "bf16": NUMBER}, "encoder": {...}, "detector": {...}}
where matmul is the fastest that large matrices of this type are multiplied.
"""

import csv
import json
import os
import statistics

from measuring import HERE, available_bytes, run, say, stop
from scoring import pairs

# How many times less CPU time than the peer's `cnn` model with the same rectangles.
CNN_MUST = 25

# Shares of the arithmetic limit.
ENCODER_MUST = 0.85
DETECTOR_MUST = 0.75
DETECTOR_AIM = 0.85

# dlib keeps every layer of the whole pyramid: over 12 GB for 12 megapixels, proportional to the pixels.
PEER_BYTES_PER_PIXEL = 1100

# Rectangles are the same when no side differs by more: one program includes the last pixel.
SAME_PIXELS = 1.0


def answer(options, arguments, keys):
    """The JSON document that `engine-benchmark` prints; stops when these keys are missing."""
    output = run([options.engine_benchmark, *arguments]).output.decode("utf-8", "replace")
    try:
        document = json.loads(output[output.index("{"):])
        if not set(keys) <= set(document):
            raise ValueError
        return document
    except ValueError:
        stop(f"'engine-benchmark {arguments[0]}' printed no JSON with {', '.join(keys)}",
             "It printed: " + output[:500])


def smaller_photos(options, folder):
    """A few mixed photos, reduced until the peer has enough memory for them.

    Returns their paths and the divisor of their size; nothing when even a quarter is too large.
    """
    with open(os.path.join(os.path.dirname(folder.path), "boxes.csv"), encoding="utf-8") as file:
        names = sorted({row["photo"] for row in csv.DictReader(file) if row["kind"] == "mixed"})
    chosen = names[:options.cnn_photos]
    for divisor in (4,) if options.quick else (2, 4):
        pixels = 12e6 / divisor ** 2
        # Half as much again, for other work of the machine.
        if available_bytes() > 1.5 * pixels * PEER_BYTES_PER_PIXEL:
            break
    else:
        return [], 0
    target = os.path.join(options.work, "smaller")
    run([options.peer, os.path.join(HERE, "shrink.py"), target, "--by", str(divisor),
         *(os.path.join(folder.path, name) for name in chosen)])
    return [os.path.join(target, name) for name in sorted(os.listdir(target))], divisor


def inside(box, width, height):
    """The part of a box inside its photo: the peer cuts its own in the same way."""
    return [max(0, box[0]), max(0, box[1]), min(width, box[2]), min(height, box[3])]


def cnn(options, folder):
    """Detection alone, compared with the peer's `cnn` model: CPU time and rectangles of each photo."""
    paths, divisor = smaller_photos(options, folder)
    if not paths:
        return None, "beside the cnn model: the peer would need more memory than is free"
    say(f"beside the peer's cnn model, {len(paths)} photos at 1/{divisor} of their size")
    out = os.path.join(options.work, "peer.json")
    run([options.peer, os.path.join(HERE, "peer.py"), os.path.dirname(paths[0]), out,
         "--jobs", "1", "--model", "cnn"])
    with open(out, encoding="utf-8") as file:
        peer = {photo["photo"]: photo for photo in json.load(file)["photos"]}
    os.remove(out)
    own = answer(options, ["detect", "--pyramid", "6/5", *paths], ["photos"])
    rows = []
    for photo in own["photos"]:
        name = os.path.basename(photo["photo"])
        theirs = peer[name]
        boxes = [inside(box, theirs["width"], theirs["height"]) for box in photo["boxes"]]
        same = sum(
            max(abs(a - b) for a, b in zip(boxes[i], theirs["boxes"][j])) <= SAME_PIXELS
            for i, j in pairs(boxes, theirs["boxes"]))
        rows.append({
            "photo": name, "width": theirs["width"], "height": theirs["height"],
            "cpuSeconds": photo["cpuMilliseconds"] / 1000,
            "peerCPUSeconds": theirs["locateCPUSeconds"], "boxes": len(boxes),
            "peerBoxes": len(theirs["boxes"]), "sameBoxes": same})
    own_cpu = statistics.median(row["cpuSeconds"] for row in rows)
    peer_cpu = statistics.median(row["peerCPUSeconds"] for row in rows)
    is_same = all(row["sameBoxes"] == row["boxes"] == row["peerBoxes"] for row in rows)
    return {
        "divisor": divisor, "photos": rows, "cpuSeconds": own_cpu, "peerCPUSeconds": peer_cpu,
        "factor": peer_cpu / own_cpu, "isSame": is_same, "must": CNN_MUST,
        "isMustMet": is_same and peer_cpu / own_cpu >= CNN_MUST}, None


def roof(options):
    """How near the networks come to the processor's arithmetic limit, by type of number."""
    say("the networks beside the arithmetic limit")
    found = answer(options, ["roof"], ["matmul", "encoder", "detector"])
    rows = []
    for kind, limit in found["matmul"].items():
        for network, must, aim in (
                ("encoder", ENCODER_MUST, ENCODER_MUST),
                ("detector", DETECTOR_MUST, DETECTOR_AIM)):
            if kind in found[network]:
                share = found[network][kind] / limit
                rows.append({
                    "network": network, "type": kind, "gigaflops": found[network][kind],
                    "limit": limit, "share": share, "must": must, "aim": aim,
                    "isMustMet": share >= must, "isAimMet": share >= aim})
    return rows


def measure(options, folder):
    """Both measurements, and a sentence for each that could not be made."""
    program = options.engine_benchmark
    if not program or not os.access(program, os.X_OK):
        return {"cnn": None, "roof": None}, [
            "the networks by themselves: there is no 'engine-benchmark'"]
    beside, reason = cnn(options, folder)
    return {"cnn": beside, "roof": roof(options)}, [reason] if reason else []
