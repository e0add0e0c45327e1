"""Compares facesort with face_recognition; started by Scripts/benchmark, which prepares both.

Both read the same composed 12-megapixel photos, whose faces' boxes are known, with the same number of
workers, in turn, round after round; medians are printed. facesort runs in several arms: as it is, and
limited to slower arithmetic. The peer is timed from its first photo on, without its start-up; facesort
is timed as a whole process, with start-up, hashing and writing its album. Uses only Python's standard
library.
"""

import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import time

import arms
import endurance
import event
import networks
import photos
import speed
from measuring import HERE, ROOT, core_count, machine, say, stop
from report import report

PARTS = ("speed", "networks", "workers", "memory", "event", "large")

# Parts that run only on request: half an hour and 5 GB.
RARE_PARTS = {"large"}


def options_of(arguments):
    """The options of a command line, with what `--quick` and `--large` imply."""
    parser = argparse.ArgumentParser(prog="benchmark", description=__doc__.split("\n\n")[0])
    for name in ("facesort", "composer", "peer", "samples", "work"):
        parser.add_argument("--" + name, help=argparse.SUPPRESS)
    parser.add_argument("--engine-benchmark", metavar="PROGRAM", help=argparse.SUPPRESS)
    parser.add_argument(
        "--count", type=int, default=48, help="photos, every sixth a team shot (48; quick: 6)")
    parser.add_argument("--rounds", type=int, default=2, help="rounds (2; quick: 1)")
    parser.add_argument("--jobs", type=int, default=core_count(), help="workers (all cores)")
    parser.add_argument("--seed", type=int, default=1, help="of the photos (1)")
    parser.add_argument(
        "--arms", type=lambda text: text.split(";"), metavar="NAME;...",
        help="only these: " + "; ".join(arm.name for arm in arms.ARMS))
    parser.add_argument(
        "--parts", type=lambda text: text.split(","), metavar="NAME,...",
        help="only these: " + ", ".join(PARTS) + " (all but large)")
    parser.add_argument(
        "--memory", type=lambda text: [int(part) for part in text.split(",") if part],
        default=[50, 500], help="numbers of photos to measure memory over (50,500; quick: none)")
    parser.add_argument(
        "--large", type=int, nargs="?", const=3000, metavar="COUNT",
        help="also an event of 3000 photos, or COUNT: half an hour, 5 GB")
    parser.add_argument(
        "--cnn-photos", type=int, default=3, metavar="COUNT",
        help="photos to compare with the peer's cnn model (3; quick: 1)")
    parser.add_argument(
        "--evalset", default=os.environ.get(
            "FACESORT_EVALSET", os.path.join(ROOT, "..", "shared", "evalset", "open")),
        help="a labelled event with event/, people/ and truth.csv, next to its score.py")
    parser.add_argument("--quick", action="store_true", help="few photos, no results kept")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    if options.quick:
        options.count, options.rounds, options.memory = min(options.count, 6), 1, []
        options.cnn_photos = min(options.cnn_photos, 1)
    unknown = set(options.parts or ()) - set(PARTS)
    unknown |= set(options.arms or ()) - {arm.name for arm in arms.ARMS}
    if unknown:
        parser.error("there is no " + ", ".join(sorted(unknown)))
    options.is_whole = options.parts is None and options.arms is None
    options.parts = set(options.parts or set(PARTS) - RARE_PARTS)
    if options.large:
        options.parts.add("large")
    elif "large" in options.parts:
        options.large = 3000
    if options.count < 6:
        parser.error("--count is at least 6: the sixth photo is the first team shot")
    return options


def peer_version(options):
    return subprocess.run(
        [options.peer, "-c", "import dlib; print('dlib', dlib.__version__, 'with' if "
         "getattr(dlib, 'DLIB_USE_BLAS', False) else 'without', 'BLAS')"],
        check=True, stdout=subprocess.PIPE).stdout.decode().strip()


def measure(options):
    """Every part that is wanted, as one dictionary."""
    start = time.perf_counter()
    chosen, skipped = arms.runnable(options.facesort, options.arms)
    for reason in skipped:
        say("skipped: " + reason)
    result = {
        "date": datetime.date.today().isoformat(), "machine": machine(),
        "load": " ".join(f"{one:.2f}" for one in os.getloadavg()), "peer": peer_version(options),
        "comparison": None, "networks": {}, "workers": None, "memory": [], "event": None,
        "large": None, "skipped": skipped}
    folders = photos.benchmark_folders(options)
    everything = folders["all"]
    if "speed" in options.parts:
        result["comparison"] = speed.compare(options, folders, chosen)
    if "networks" in options.parts:
        result["networks"], reasons = networks.measure(options, everything)
        for reason in reasons:
            say("skipped: " + reason)
        skipped += reasons
    if "workers" in options.parts:
        result["workers"] = endurance.workers(options, everything)
    if "memory" in options.parts:
        result["memory"] = endurance.memory(options, everything.path)
    if "event" in options.parts:
        result["event"] = event.measure(options)
        if not result["event"]:
            skipped.append("the labelled event: it is not there")
    if "large" in options.parts:
        result["large"] = endurance.large(options)
    result["projection"] = endurance.projection(
        result["memory"], result["comparison"], result["large"])
    result["seconds"] = time.perf_counter() - start
    return result


def keep(result, text):
    """Writes the results next to those of other days and machines."""
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


def main():
    options = options_of(sys.argv[1:])
    if not options.facesort:
        stop("Scripts/benchmark has to start this", "Run 'make bench'.")
    result = measure(options)
    text = report(result)
    print(json.dumps(result, indent=1) if options.json else text)
    if options.is_whole and not options.quick:
        keep(result, text)


if __name__ == "__main__":
    main()
