"""The labelled event: are the right faces found and the right names given? It is not part of the
project; if it is there, its own scripts score it.
"""

import json
import os
import shutil
import sys

from measuring import run, say
from speed import fresh_album

# The obvious face_recognition script on the labelled event, with EXIF orientation and HEIC.
BASELINE = {
    "micro_p": 0.975, "micro_r": 0.666, "micro_f1": 0.791,
    "group_p": 1.0, "group_r": 0.830, "exact_people_set": 0.697,
}

# What must be reached, each as a fraction.
FACES_FOUND = 0.975
FALSE_FACES = 0.01
GROUP_RECALL = 0.97
GROUP_PRECISION = 0.98
MICRO_F1 = 0.83


def judged(script, arguments):
    """The JSON that one of the event's scripts prints as its last line."""
    output = run([sys.executable, script, *arguments], accepted=(0, 1)).output
    return json.loads(output.decode("utf-8").splitlines()[-1])


def measure(options):
    """Sorts the labelled event and scores it; None when it is not there."""
    folder = options.evalset
    scripts = os.path.dirname(os.path.abspath(folder))
    score = os.path.join(scripts, "score.py")
    if not os.path.isdir(folder) or not os.path.isfile(score):
        return None
    say("sorting the labelled event")
    truth = os.path.join(folder, "truth.csv")
    album = fresh_album(options)
    measured = run(
        [options.facesort, "sort", os.path.join(folder, "event"), "--people",
         os.path.join(folder, "people"), "--to", album, "--jobs", str(options.jobs),
         "--link", "copy", "--quiet"], accepted=(0, 3))
    faces = os.path.join(options.work, "faces.csv")
    with open(faces, "wb") as file:
        file.write(run([options.facesort, "faces", album, "--csv"]).output)
    result = judged(score, [album, truth])
    found = judged(os.path.join(scripts, "score_clusters.py"), [faces, truth])
    shutil.rmtree(album)
    os.remove(faces)
    return {
        **result, "truth_faces": found["truth_faces"],
        "faces_found": found["found_truth_faces"],
        "false_faces": found["false_faces"], "seconds": measured.seconds,
        "cpuSeconds": measured.cpu_seconds, "peakBytes": measured.peak_bytes}


def verdicts(result):
    """What must hold: each with its figure, its limit and whether it holds."""
    found = result["faces_found"] / max(1, result["truth_faces"])
    false = result["false_faces"] / max(1, result["truth_faces"])
    return [
        (f"{100 * found:.1f} % of {result['truth_faces']} faces found", f"{100 * FACES_FOUND:.1f} %",
         found >= FACES_FOUND),
        (f"{100 * false:.1f} % false faces", f"below {100 * FALSE_FACES:.0f} %",
         false < FALSE_FACES),
        (f"group recall {result['group_r']:.3f} at precision {result['group_p']:.3f}",
         f"{GROUP_RECALL} at {GROUP_PRECISION}",
         result["group_r"] >= GROUP_RECALL and result["group_p"] >= GROUP_PRECISION),
        (f"micro F1 {result['micro_f1']:.3f}", f"{MICRO_F1}", result["micro_f1"] >= MICRO_F1),
    ]
