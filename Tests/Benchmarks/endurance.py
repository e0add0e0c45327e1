"""Memory, workers and large events: what must not grow."""

import csv
import json
import os
import shutil

from measuring import say
from photos import composed, multiplied
from speed import fresh_album, run_facesort

PEAK_BYTES = 600e6

# CPU time per photo of two workers, as a multiple of one. Two runs of the same command differ by this
# much; a lock or a copy that grows with the workers costs more.
WORKERS_CPU_GROWTH = 1.05

# How often a large run's memory is measured, and how many points of it are shown.
SAMPLE_SECONDS = 2.0
POINTS = 10

# The number of photos that the time is projected to.
MANY_PHOTOS = 10_000
MEGAPIXELS = 12.0


def memory(options, photos):
    """Peak memory by the number of photos; and how long a second run without changes takes."""
    rows = []
    many = os.path.join(options.work, "many")
    for count in options.memory:
        say(f"memory over {count} photos")
        multiplied(photos, many, count)
        album = fresh_album(options)
        first = run_facesort(options, many, album)
        again = run_facesort(options, many, album)
        rows.append({
            "photos": count, "peakBytes": first.peak_bytes, "seconds": first.seconds,
            "photosPerSecond": count / first.seconds, "againSeconds": again.seconds,
            "againFraction": again.seconds / first.seconds})
        shutil.rmtree(album)
        shutil.rmtree(many)
    return rows


def workers(options, folder):
    """One worker and two over the same photos.

    The least CPU time of the rounds counts: other work of the machine only adds to it.
    """
    rounds = {1: [], 2: []}
    for number in range(options.rounds):
        for jobs in rounds:
            say(f"workers: round {number + 1} of {options.rounds}, {jobs}")
            album = fresh_album(options)
            rounds[jobs].append(run_facesort(options, folder.path, album, jobs=jobs))
            shutil.rmtree(album)
    rows = {
        str(jobs): {
            "cpuSecondsPerPhoto": min(one.cpu_seconds for one in runs) / folder.count,
            "photosPerSecond": folder.count / min(one.seconds for one in runs),
            "peakBytes": max(one.peak_bytes for one in runs)}
        for jobs, runs in rounds.items()}
    growth = rows["2"]["cpuSecondsPerPhoto"] / rows["1"]["cpuSecondsPerPhoto"]
    return {
        **rows, "cpuGrowth": growth, "isMustMet": growth <= WORKERS_CPU_GROWTH,
        "speedUp": rows["2"]["photosPerSecond"] / rows["1"]["photosPerSecond"]}


def large(options):
    """A large mixed event in one go: memory and photos per second over time."""
    folder = composed(options, "mixed-event", options.large)
    with open(os.path.join(folder, "photos.csv"), encoding="utf-8") as file:
        sizes = [int(row["width"]) * int(row["height"]) for row in csv.DictReader(file)]
    photos = os.path.join(folder, "photos")
    stored = sum(os.path.getsize(os.path.join(photos, name)) for name in os.listdir(photos))
    say(f"sorting {options.large} photos of mixed sizes ({stored / 1e9:.1f} GB)")
    analysed = [(0.0, 0)]

    def note(seconds, line):
        try:
            event = json.loads(line)
        except ValueError:
            return
        if isinstance(event, dict) and event.get("event") == "analysing":
            analysed.append((seconds, event["done"]))

    album = fresh_album(options)
    measured = run_facesort(
        options, photos, album, extra=["--people", os.path.join(folder, "people"), "--json"],
        sample_seconds=SAMPLE_SECONDS, on_line=note)
    shutil.rmtree(album)
    return {
        "photos": options.large, "megapixels": sum(sizes) / 1e6, "storedBytes": stored,
        "seconds": measured.seconds, "cpuSeconds": measured.cpu_seconds,
        "peakBytes": measured.peak_bytes, "photosPerSecond": options.large / measured.seconds,
        "megapixelsPerSecond": sum(sizes) / 1e6 / measured.seconds,
        "points": points(measured, analysed)}


def points(measured, analysed):
    """The run in equal parts of time: at the end of each the photos done and the memory in use."""
    def done(seconds):
        return max((count for time, count in analysed if time <= seconds), default=0)

    rows, before = [], 0.0
    for number in range(1, POINTS + 1):
        until = measured.seconds * number / POINTS
        inside = [size for time, size in measured.samples if before < time <= until]
        rows.append({
            "seconds": until, "photos": done(until),
            "photosPerSecond": (done(until) - done(before)) / (until - before),
            "residentBytes": inside[-1] if inside else None,
            "highestResidentBytes": max(inside, default=None)})
        before = until
    return rows


def projection(memory_rows, comparison, event):
    """The seconds that very many 12-megapixel photos would take, and the run that this is based on."""
    if memory_rows:
        longest = max(memory_rows, key=lambda one: one["photos"])
        return (MANY_PHOTOS / longest["photosPerSecond"],
                f"{longest['photos']} photos of 12 megapixels")
    if comparison and comparison["arms"]:
        return (MANY_PHOTOS / comparison["arms"][0]["all"]["photosPerSecond"],
                f"{comparison['folders']['all']['photos']} photos of 12 megapixels")
    if event:
        return (MANY_PHOTOS * MEGAPIXELS / event["megapixelsPerSecond"],
                "the pixels of the mixed event")
    return None
