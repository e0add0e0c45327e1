"""Photos per second and faces found: every arm of facesort and the peer, in turn."""

import json
import os
import shutil
import statistics
import subprocess

from arms import TARGETS, TEAM_TARGET, arithmetic
from measuring import HERE, Measured, processor_flags, run, say
from scoring import boxes_of, score

STAGES = ("decodeSeconds", "locateSeconds", "encodeSeconds")


def run_peer(options, photos):
    """The peer's cost, the boxes it found by photo, and the mean seconds of its stages."""
    out = os.path.join(options.work, "peer.json")
    run([options.peer, os.path.join(HERE, "peer.py"), photos, out, "--jobs", str(options.jobs)])
    with open(out, encoding="utf-8") as file:
        result = json.load(file)
    os.remove(out)
    found = {photo["photo"]: photo["boxes"] for photo in result["photos"]}
    stages = {
        stage: statistics.mean(photo[stage] for photo in result["photos"]) for stage in STAGES}
    return Measured(result["seconds"], result["cpuSeconds"], result["peakBytes"]), found, stages


def run_facesort(options, photos, album, arm=None, jobs=None, extra=(), **measuring):
    """Sorts photos into a new album and measures that."""
    return run(
        [options.facesort, "sort", photos, "--to", album, "--jobs", str(jobs or options.jobs),
         "--link", "hard", *(extra or ["--quiet"]), *(arm.arguments if arm else [])],
        environment=arm.environment if arm else None, **measuring)


def faces_of(options, album):
    """The boxes of an album's faces by photo."""
    output = subprocess.run(
        [options.facesort, "faces", album, "--csv"], check=True, stdout=subprocess.PIPE).stdout
    return boxes_of(output.decode("utf-8").splitlines())


def fresh_album(options):
    """The folder for an album; what was there is removed."""
    album = os.path.join(options.work, "album")
    shutil.rmtree(album, ignore_errors=True)
    return album


def row(rounds, found, folder):
    """The medians of the rounds over one folder, and what was found in it."""
    right, false = score(found, folder.truth)
    seconds = statistics.median(one.seconds for one in rounds)
    cpu_seconds = statistics.median(one.cpu_seconds for one in rounds)
    return {
        "photosPerSecond": folder.count / seconds,
        "seconds": seconds,
        "cpuSecondsPerPhoto": cpu_seconds / folder.count,
        "cores": cpu_seconds / seconds,
        "peakBytes": max(one.peak_bytes for one in rounds),
        "facesFound": right,
        "falseFaces": false,
        "allSeconds": [round(one.seconds, 2) for one in rounds],
    }


def compared(own, peer, target):
    """An arm's row, with its comparison to the peer's."""
    factor = own["photosPerSecond"] / peer["photosPerSecond"]
    recall = own["facesFound"] / max(1, peer["facesFound"])
    own = {
        **own, "factor": factor, "recallOfPeer": recall,
        "cpuFactor": peer["cpuSecondsPerPhoto"] / own["cpuSecondsPerPhoto"]}
    if target:
        own.update({
            "must": target.must, "aim": target.aim,
            "isMustMet": factor >= target.must and recall >= 1,
            "isAimMet": factor >= target.aim and recall >= 1})
    return own


def compare(options, folders, arms):
    """The peer and every arm in turn over every folder, round after round."""
    peer_rounds = {name: [] for name in folders}
    peer_found, stages = {}, None
    arm_rounds = {(arm.name, name): [] for arm in arms for name in folders}
    arm_found = {}
    for number in range(options.rounds):
        turn = f"round {number + 1} of {options.rounds}"
        say(f"{turn}: face_recognition")
        for name, folder in folders.items():
            measured, peer_found[name], mean = run_peer(options, folder.path)
            peer_rounds[name].append(measured)
            stages = mean if name == "all" else stages
        for arm in arms:
            say(f"{turn}: facesort, {arm.name}")
            for name, folder in folders.items():
                album = fresh_album(options)
                arm_rounds[arm.name, name].append(
                    run_facesort(options, folder.path, album, arm))
                arm_found[arm.name, name] = faces_of(options, album)
                shutil.rmtree(album)

    peer = {
        name: row(peer_rounds[name], peer_found[name], folder)
        for name, folder in folders.items()}
    flags = processor_flags()
    rows = []
    for arm in arms:
        kind = arithmetic(arm, flags)
        targets = {"all": TARGETS.get(kind), "team": TEAM_TARGET if kind else None}
        rows.append({
            "arm": arm.name, "arguments": arm.arguments, "environment": arm.environment,
            "arithmetic": kind,
            **{name: compared(
                row(arm_rounds[arm.name, name], arm_found[arm.name, name], folder), peer[name],
                targets[name]) for name, folder in folders.items()}})
    return {
        "folders": {
            name: {"photos": folder.count, "faces": folder.face_count}
            for name, folder in folders.items()},
        "jobs": options.jobs, "rounds": options.rounds,
        "peer": {**peer, "stages": stages}, "arms": rows,
    }
