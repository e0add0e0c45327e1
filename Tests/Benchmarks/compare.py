"""Measures facesort beside face_recognition; started by Scripts/benchmark, which prepares both.

Both read the same composed 12-megapixel photos whose faces' boxes are known, with as many workers,
in turn, round after round; medians are printed. The peer is timed from its first photo on, its
start-up left out; facesort is timed as a whole process, with start-up, hashing and writing its
album. Python's standard library only.
"""

import argparse
import collections
import csv
import datetime
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time

# A face counts as found when boxes overlap this much: detectors frame the same face differently.
ENOUGH_OVERLAP = 0.4

# What the project promises; see the README.
SPEED_FACTOR = 6.0
FACES_FRACTION = 0.95
PEAK_BYTES = 600e6

# The obvious face_recognition script on the labelled event, with EXIF orientation and HEIC.
EVENT_BASELINE = {
    "micro_p": 0.975, "micro_r": 0.666, "micro_f1": 0.791,
    "group_p": 1.0, "group_r": 0.830, "exact_people_set": 0.697,
}

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def say(text):
    print("benchmark: " + text, file=sys.stderr, flush=True)


def stop(what, remedy):
    print(f"benchmark: error: {what}\n  {remedy}", file=sys.stderr)
    sys.exit(1)


class Measured:
    """What a process cost."""

    def __init__(self, seconds, cpu_seconds, peak_bytes, status, output):
        self.seconds = seconds
        self.cpu_seconds = cpu_seconds
        self.peak_bytes = peak_bytes
        self.status = status
        self.output = output


def run(command, accepted=(0,)):
    """Runs a command and measures it.

    The peak is read from /proc while it runs: the kernel's own figure for a child also counts what
    its parent occupied when it was started.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    peak = 0
    done = threading.Event()

    def watch():
        nonlocal peak
        while not done.wait(0.02):
            try:
                with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
                    found = re.search(r"VmHWM:\s+(\d+) kB", file.read())
            except OSError:
                return
            if found:
                peak = max(peak, int(found.group(1)) * 1024)

    watcher = threading.Thread(target=watch)
    watcher.start()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    done.set()
    watcher.join()
    if peak == 0:
        # macOS has no /proc and counts in bytes.
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if process.returncode not in accepted:
        sys.stderr.buffer.write(output[-4000:])
        stop(f"'{' '.join(command[:3])} ...' failed with {process.returncode}", "See above.")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, peak, process.returncode, output)


def overlap(a, b):
    """Intersection over union of two boxes (left, top, right, bottom)."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return common / (areas - common)


def score(found, truth):
    """The numbers of faces found and of false ones; each box is used once, best overlap first."""
    right = false = 0
    for photo in set(truth) | set(found):
        boxes = found.get(photo, [])
        pairs = sorted(
            ((overlap(box, face), i, j)
             for i, box in enumerate(boxes) for j, face in enumerate(truth.get(photo, []))),
            key=lambda pair: (-pair[0], pair[1], pair[2]))
        used_boxes, used_faces = set(), set()
        for value, i, j in pairs:
            if value >= ENOUGH_OVERLAP and i not in used_boxes and j not in used_faces:
                used_boxes.add(i)
                used_faces.add(j)
        right += len(used_boxes)
        false += len(boxes) - len(used_boxes)
    return right, false


def boxes_of(lines):
    """Boxes by photo from CSV with the columns photo, left, top, right, bottom."""
    boxes = collections.defaultdict(list)
    for row in csv.DictReader(lines):
        boxes[row["photo"]].append(
            [float(row[side]) for side in ("left", "top", "right", "bottom")])
    return boxes


def run_peer(options, photos):
    out = os.path.join(options.work, "peer.json")
    run([options.peer, os.path.join(HERE, "peer.py"), photos, out, "--jobs", str(options.jobs)])
    with open(out, encoding="utf-8") as file:
        result = json.load(file)
    os.remove(out)
    found = {photo["photo"]: photo["boxes"] for photo in result["photos"]}
    stages = {
        stage: statistics.mean(photo[stage] for photo in result["photos"])
        for stage in ("decodeSeconds", "locateSeconds", "encodeSeconds")}
    return Measured(
        result["seconds"], result["cpuSeconds"], result["peakBytes"], 0, b""), found, stages


def run_facesort(options, photos, album):
    return run([
        options.facesort, "sort", photos, "--to", album, "--jobs", str(options.jobs),
        "--link", "hard", "--quiet"])


def faces_of(options, album):
    output = subprocess.run(
        [options.facesort, "faces", album, "--csv"], check=True, stdout=subprocess.PIPE).stdout
    return boxes_of(output.decode("utf-8").splitlines())


def compose(options):
    """The photos of this count and seed; made once, and again when their recipe changes."""
    sources = os.path.join(ROOT, "Tests", "SamplePhotos")
    recipe = f"{options.count} {options.seed}\n"
    for name in sorted(os.listdir(sources)):
        with open(os.path.join(sources, name), encoding="utf-8") as file:
            recipe += file.read()
    folder = os.path.join(options.work, f"photos-{options.count}-{options.seed}")
    mark = os.path.join(folder, ".recipe")
    if not os.path.exists(mark) or open(mark, encoding="utf-8").read() != recipe:
        say(f"composing {options.count} photos of 12 megapixels")
        shutil.rmtree(folder, ignore_errors=True)
        run([options.composer, "benchmark", "--samples", options.samples, "--to", folder,
             "--count", str(options.count), "--seed", str(options.seed)])
        with open(mark, "w", encoding="utf-8") as file:
            file.write(recipe)
    with open(os.path.join(folder, "boxes.csv"), encoding="utf-8") as file:
        return os.path.join(folder, "photos"), boxes_of(file)


def compare(options, photos, truth):
    """Both programs in turn; a dictionary of medians."""
    faces = sum(len(boxes) for boxes in truth.values())
    peer_rounds, own_rounds = [], []
    for number in range(options.rounds):
        say(f"round {number + 1} of {options.rounds}: face_recognition")
        measured, peer_found, stages = run_peer(options, photos)
        peer_rounds.append(measured)
        say(f"round {number + 1} of {options.rounds}: facesort")
        album = os.path.join(options.work, "album")
        shutil.rmtree(album, ignore_errors=True)
        own_rounds.append(run_facesort(options, photos, album))
        own_found = faces_of(options, album)
        shutil.rmtree(album)

    def row(rounds, found):
        right, false = score(found, truth)
        seconds = statistics.median(one.seconds for one in rounds)
        return {
            "photosPerSecond": options.count / seconds,
            "seconds": seconds,
            "cpuSecondsPerPhoto":
                statistics.median(one.cpu_seconds for one in rounds) / options.count,
            "peakBytes": max(one.peak_bytes for one in rounds),
            "facesFound": right,
            "falseFaces": false,
            "allSeconds": [round(one.seconds, 2) for one in rounds],
        }

    own, peer = row(own_rounds, own_found), row(peer_rounds, peer_found)
    peer["stages"] = stages
    return {
        "photos": options.count, "faces": faces, "jobs": options.jobs, "rounds": options.rounds,
        "facesort": own, "peer": peer,
        "speedFactor": own["photosPerSecond"] / peer["photosPerSecond"],
        "cpuFactor": peer["cpuSecondsPerPhoto"] / own["cpuSecondsPerPhoto"],
        "facesFraction": own["facesFound"] / max(1, peer["facesFound"]),
    }


def multiply(photos, folder, count):
    """`count` photos of different content: the photos given, each with other bytes behind its end."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    names = sorted(os.listdir(photos))
    for index in range(count):
        target = os.path.join(folder, f"photo_{index + 1:04}.jpg")
        shutil.copyfile(os.path.join(photos, names[index % len(names)]), target)
        with open(target, "ab") as file:
            file.write(b"\n%d" % index)


def memory(options, photos):
    """Peak memory by the number of photos; and how long a second run takes that finds no change."""
    rows = []
    many = os.path.join(options.work, "many")
    album = os.path.join(options.work, "album")
    for count in options.memory:
        say(f"memory over {count} photos")
        multiply(photos, many, count)
        shutil.rmtree(album, ignore_errors=True)
        first = run_facesort(options, many, album)
        again = run_facesort(options, many, album)
        rows.append({
            "photos": count, "peakBytes": first.peak_bytes, "seconds": first.seconds,
            "photosPerSecond": count / first.seconds, "againSeconds": again.seconds,
            "againFraction": again.seconds / first.seconds})
        shutil.rmtree(album)
        shutil.rmtree(many)
    return rows


def event(options):
    """Sorts the labelled event and has its own script score the album; None when it is not there."""
    folder = options.evalset
    judge = os.path.join(os.path.dirname(os.path.abspath(folder)), "score.py")
    if not os.path.isdir(folder) or not os.path.isfile(judge):
        return None
    say("sorting the labelled event")
    album = os.path.join(options.work, "album")
    shutil.rmtree(album, ignore_errors=True)
    measured = run(
        [options.facesort, "sort", os.path.join(folder, "event"), "--people",
         os.path.join(folder, "people"), "--to", album, "--jobs", str(options.jobs),
         "--link", "copy", "--quiet"], accepted=(0, 3))
    judged = run(
        [sys.executable, judge, album, os.path.join(folder, "truth.csv")], accepted=(0, 1))
    shutil.rmtree(album)
    result = json.loads(judged.output.decode("utf-8").splitlines()[-1])
    result["seconds"] = measured.seconds
    result["peakBytes"] = measured.peak_bytes
    return result


def machine():
    """The processor's name and the number of cores."""
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = re.search(r"model name\s*:\s*(.*)", file.read()).group(1)
    except (OSError, AttributeError):
        pass
    return f"{name}, {len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores"


def verdict(holds):
    return "yes" if holds else "NO"


def report(result):
    """The results as Markdown, for people and for the results folder."""
    both = result["comparison"]
    own, peer = both["facesort"], both["peer"]

    def line(name, key, form, scale=1):
        return f"| {name} | {own[key] / scale:{form}} | {peer[key] / scale:{form}} |"

    stages = peer["stages"]
    lines = [
        f"# {result['date']}, {result['machine']}", "",
        f"{both['photos']} photos of 12 megapixels with {both['faces']} faces of 60-600 px; "
        f"{both['jobs']} workers each; median of {both['rounds']}. Load before: {result['load']}.",
        "",
        "| | facesort | face_recognition |", "|---|---|---|",
        line("photos per second", "photosPerSecond", ".3f"),
        line("CPU seconds per photo", "cpuSecondsPerPhoto", ".2f"),
        line("faces found (IoU >= .4)", "facesFound", ".0f"),
        line("false faces", "falseFaces", ".0f"),
        line("peak memory, MB (all workers)", "peakBytes", ".0f", 1e6),
        "",
        f"- {both['speedFactor']:.1f} times the photos per second "
        f"(at least {SPEED_FACTOR:.0f}: {verdict(both['speedFactor'] >= SPEED_FACTOR)})",
        f"- 1/{both['cpuFactor']:.1f} of the CPU time per photo",
        f"- {100 * both['facesFraction']:.1f} % as many true faces "
        f"(at least {100 * FACES_FRACTION:.0f} %: "
        f"{verdict(both['facesFraction'] >= FACES_FRACTION)})",
        f"- face_recognition per photo: reading {stages['decodeSeconds']:.2f} s, finding "
        f"{stages['locateSeconds']:.2f} s, encoding {stages['encodeSeconds']:.2f} s "
        f"({result['peer']})",
    ]
    if result["memory"]:
        lines += [
            "", "| photos | peak memory, MB | seconds | photos per second | again, nothing new |",
            "|---|---|---|---|---|"]
        for row in result["memory"]:
            lines.append(
                f"| {row['photos']} | {row['peakBytes'] / 1e6:.0f} | {row['seconds']:.0f} | "
                f"{row['photosPerSecond']:.2f} | {row['againSeconds']:.2f} s "
                f"({100 * row['againFraction']:.1f} %) |")
        worst = max(row["peakBytes"] for row in result["memory"])
        lines += ["", f"- peak below {PEAK_BYTES / 1e6:.0f} MB: {verdict(worst < PEAK_BYTES)}"]
    scored = result["event"]
    if scored:
        names = list(EVENT_BASELINE)
        lines += [
            "", "The labelled event, beside the obvious face_recognition script with EXIF and HEIC "
            "(HOG, 0.5):", "",
            "| | " + " | ".join(names) + " | lost |", "|---" * (len(names) + 2) + "|",
            "| facesort | " + " | ".join(f"{scored[name]:.3f}" for name in names)
            + f" | {scored['lost']} |",
            "| script | " + " | ".join(f"{EVENT_BASELINE[name]:.3f}" for name in names)
            + " | 0 |",
            "", f"- {scored['photos']} photos in {scored['seconds']:.0f} s, peak "
            f"{scored['peakBytes'] / 1e6:.0f} MB"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(prog="benchmark", description=__doc__.split("\n\n")[0])
    for name in ("facesort", "composer", "peer", "samples", "work"):
        parser.add_argument("--" + name, help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, default=48, help="photos (48; quick: 8)")
    parser.add_argument("--rounds", type=int, default=2, help="rounds (2; quick: 1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="workers (all cores)")
    parser.add_argument("--seed", type=int, default=1, help="of the photos (1)")
    parser.add_argument(
        "--memory", type=lambda text: [int(part) for part in text.split(",") if part],
        default=[50, 500], help="numbers of photos to measure memory over (50,500; quick: none)")
    parser.add_argument(
        "--evalset", default=os.environ.get(
            "FACESORT_EVALSET", os.path.join(ROOT, "..", "shared", "evalset", "open")),
        help="a labelled event with event/, people/ and truth.csv, its score.py beside it")
    parser.add_argument("--quick", action="store_true", help="few photos, no results kept")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if options.quick:
        options.count, options.rounds, options.memory = min(options.count, 8), 1, []
    if not options.facesort:
        stop("this is started by Scripts/benchmark", "Run 'make bench'.")
    load = " ".join(f"{one:.2f}" for one in os.getloadavg())

    peer_version = subprocess.run(
        [options.peer, "-c", "import dlib; print('dlib', dlib.__version__, 'with' if "
         "getattr(dlib, 'DLIB_USE_BLAS', False) else 'without', 'BLAS')"],
        check=True, stdout=subprocess.PIPE).stdout.decode().strip()
    photos, truth = compose(options)
    result = {
        "date": datetime.date.today().isoformat(), "machine": machine(), "load": load,
        "peer": peer_version, "comparison": compare(options, photos, truth),
        "memory": memory(options, photos), "event": event(options)}
    text = report(result)
    print(json.dumps(result, indent=1) if options.json else text)
    if not options.quick:
        plain = re.sub(r"\((r|tm)\)", "", result["machine"].lower())
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        base = os.path.join(HERE, "results", f"{result['date']}-{slug}")
        os.makedirs(os.path.dirname(base), exist_ok=True)
        with open(base + ".md", "w", encoding="utf-8") as file:
            file.write(text)
        with open(base + ".json", "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
            file.write("\n")
        say(f"written to {os.path.relpath(base, ROOT)}.md and .json")


if __name__ == "__main__":
    main()
