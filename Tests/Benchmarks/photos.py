"""The composed photos: made once, and again when their recipe changes."""

import csv
import os
import shutil

from measuring import ROOT, run, say
from scoring import boxes_of


class Folder:
    """Photos to measure with, and the faces that are in them."""

    def __init__(self, path, truth):
        self.path = path
        self.truth = truth
        self.count = len(os.listdir(path))
        self.face_count = sum(len(boxes) for boxes in truth.values())


def recipe_of(*parts):
    """What the photos depend on: how many, the seed, and the program that composes them."""
    sources = os.path.join(ROOT, "Tests", "SamplePhotos")
    recipe = " ".join(str(part) for part in parts) + "\n"
    for name in sorted(os.listdir(sources)):
        with open(os.path.join(sources, name), encoding="utf-8") as file:
            recipe += file.read()
    return recipe


def composed(options, command, count):
    """The folder that `sample-photos COMMAND` writes for this count and seed."""
    recipe = recipe_of(command, count, options.seed)
    folder = os.path.join(options.work, f"{command}-{count}-{options.seed}")
    mark = os.path.join(folder, ".recipe")
    if os.path.exists(mark):
        with open(mark, encoding="utf-8") as file:
            if file.read() == recipe:
                return folder
    say(f"composing {count} photos (sample-photos {command})")
    shutil.rmtree(folder, ignore_errors=True)
    run([options.composer, command, "--samples", options.samples, "--to", folder,
         "--count", str(count), "--seed", str(options.seed)])
    with open(mark, "w", encoding="utf-8") as file:
        file.write(recipe)
    return folder


def benchmark_folders(options):
    """The 12-megapixel photos: all of them, and the team shots in a folder of their own."""
    folder = composed(options, "benchmark", options.count)
    photos = os.path.join(folder, "photos")
    with open(os.path.join(folder, "boxes.csv"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    truth = boxes_of(lines)
    teams = {row["photo"] for row in csv.DictReader(lines) if row["kind"] == "team"}
    team = os.path.join(folder, "team")
    shutil.rmtree(team, ignore_errors=True)
    os.makedirs(team)
    for name in sorted(teams):
        os.link(os.path.join(photos, name), os.path.join(team, name))
    return {
        "all": Folder(photos, truth),
        "team": Folder(team, {name: truth[name] for name in teams})}


def multiplied(photos, folder, count):
    """`count` photos of different content: the given photos, each with other bytes after its end."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    names = sorted(os.listdir(photos))
    for index in range(count):
        target = os.path.join(folder, f"photo_{index + 1:04}.jpg")
        shutil.copyfile(os.path.join(photos, names[index % len(names)]), target)
        with open(target, "ab") as file:
            file.write(b"\n%d" % index)
