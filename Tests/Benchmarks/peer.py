"""peer.py PHOTOS OUT.json [--jobs N] [--model hog|cnn]

Runs the peer, face_recognition, over the photos of a folder. `hog` does the same as its own command
line: HOG on the colour picture enlarged once, five landmarks, one encoding per face. `cnn` runs only
its other detector, on the unchanged picture. Writes the boxes and what they cost. Needs the
environment that Scripts/benchmark makes.
"""

import argparse
import functools
import json
import multiprocessing
import os
import resource
import time


def analyse(model, path):
    """The faces of one photo and the seconds of its stages."""
    import face_recognition

    start = time.perf_counter()
    picture = face_recognition.load_image_file(path)
    decoded = time.perf_counter()
    cpu = time.process_time()
    if model == "cnn":
        places = face_recognition.face_locations(
            picture, number_of_times_to_upsample=0, model="cnn")
    else:
        places = face_recognition.face_locations(picture)
    cpu = time.process_time() - cpu
    located = time.perf_counter()
    if model != "cnn":
        face_recognition.face_encodings(picture, places)
    encoded = time.perf_counter()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "photo": os.path.basename(path),
        "width": picture.shape[1],
        "height": picture.shape[0],
        "boxes": [[left, top, right, bottom] for top, right, bottom, left in places],
        "decodeSeconds": decoded - start,
        "locateSeconds": located - decoded,
        "locateCPUSeconds": cpu,
        "encodeSeconds": encoded - located,
        "process": os.getpid(),
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "peakBytes": usage.ru_maxrss * 1024,
    }


def ready(_):
    """Loads the models of a worker and returns what that cost, so that only photos are timed."""
    import face_recognition  # noqa: F401

    time.sleep(0.2)  # So that another worker takes the next call.
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return os.getpid(), usage.ru_utime + usage.ru_stime


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("photos")
    arguments.add_argument("out")
    arguments.add_argument("--jobs", type=int, default=1)
    arguments.add_argument("--model", choices=("hog", "cnn"), default="hog")
    options = arguments.parse_args()
    names = sorted(os.listdir(options.photos))
    paths = [os.path.join(options.photos, name) for name in names]
    # Fresh processes, as `face_recognition --cpus` starts them: a fork of a threaded BLAS may hang.
    context = multiprocessing.get_context("forkserver")
    with context.Pool(options.jobs) as pool:
        idle = dict(pool.map(ready, range(options.jobs), chunksize=1))
        start = time.perf_counter()
        photos = list(pool.imap(functools.partial(analyse, options.model), paths, chunksize=1))
        seconds = time.perf_counter() - start
    cpu = {}
    peak = {}
    for photo in photos:
        worker = photo["process"]
        cpu[worker] = max(cpu.get(worker, 0), photo["cpuSeconds"])
        peak[worker] = max(peak.get(worker, 0), photo["peakBytes"])
    result = {
        "seconds": seconds,
        "cpuSeconds": sum(cpu[worker] - idle.get(worker, 0) for worker in cpu),
        "peakBytes": sum(peak.values()),
        "photos": photos,
    }
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
