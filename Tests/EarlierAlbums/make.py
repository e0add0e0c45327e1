#!/usr/bin/env python3
"""Makes the fixture of this folder with the program of an earlier commit; see README.md.

    make.py FACESORT SAMPLES

FACESORT: the program; SAMPLES: the folder of sample photos that Scripts/setup fetches. Everything is
made in ROOT, which must not exist; then state.tar.gz, fixture.json and drawn/ here are replaced.
Needs strace, which kills the program at a chosen call of the system.
"""

import hashlib
import html
import http.cookiejar
import json
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tarfile
import time
import urllib.parse
import urllib.request
import zlib

ROOT = pathlib.Path("/tmp/facesort-fixture")
KEPT = pathlib.Path("/tmp/facesort-fixture.kept")
HERE = pathlib.Path(__file__).resolve().parent
DRAWN = HERE / "drawn"
WORKSPACES = ["album", "killed", "bin", "killed-bin", "holiday", "choices"]
# What a state folder holds that belongs into the fixture.
STATE_FILES = re.compile(r"catalogue\.sqlite|(decisions|choices|journal/\d+)\.jsonl|photos")

facesort, samples = sys.argv[1], pathlib.Path(sys.argv[2])
environment = {**os.environ, "XDG_STATE_HOME": str(KEPT) + ".state"}


# The photos: those of the samples, and some drawn here, which may be committed.


def png(pixel, side=96):
    """A picture: `pixel(x, y)` gives red, green and blue."""
    rows = b"".join(
        b"\0" + bytes(part for x in range(side) for part in pixel(x, y)) for y in range(side))

    def chunk(kind, content):
        text = kind + content
        return struct.pack(">I", len(content)) + text + struct.pack(">I", zlib.crc32(text))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def draw():
    DRAWN.mkdir(exist_ok=True)
    pictures = {
        "stripes.png": lambda x, y: (x // 8 * 20 % 256, y // 8 * 20 % 256, 90),
        "squares.png": lambda x, y: (200 if x // 12 % 2 == y // 12 % 2 else 30, 60, y * 2),
        "circle.png": lambda x, y: (20, 180 if (x - 48) ** 2 + (y - 48) ** 2 < 900 else 40, 60),
    }
    for name, pixel in pictures.items():
        (DRAWN / name).write_bytes(png(pixel))
    (DRAWN / "note.txt").write_text("Not a photo.\n")
    (DRAWN / "beside.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>\n")


def portrait(person, number):
    return sorted((samples / "johns" / f"John_{person}").iterdir())[number]


clock = 1_577_836_800


def put(origin, name, byte_count=None):
    """Lays a photo at `name` in ROOT, each a second younger than the one before."""
    global clock
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(origin.read_bytes()[:byte_count])
    clock += 1
    os.utime(path, (clock, clock))


def put_all():
    put(portrait("Salley", 0), "people/Anna.jpg")
    put(portrait("Savage", 0), "people/Ben/1.jpg")
    put(portrait("Savage", 1), "people/Ben/2.jpg")
    for number in range(1, 5):
        put(portrait("Salley", number), f"photos/anna {number}.jpg")
        put(portrait("Simm", number), f"photos/élève {number}.jpg")
    for number in range(2, 5):
        put(portrait("Savage", number), f"photos/ben/IMG {number}.jpg")
        put(portrait("Schneider", number), f"photos/other {number}.jpg")
    put(portrait("Shimkus", 0), "photos/alone.jpg")
    put(portrait("Shimkus", 1), "photos/dora.jpg")
    put(samples / "faces" / "2008_002470.jpg", "photos/together.jpg")
    put(portrait("Salley", 1), "photos/second name.jpg")
    put(portrait("Salley", 5), "photos/cut.jpg", 2000)
    put(DRAWN / "stripes.png", "photos/nobody.png")
    put(DRAWN / "note.txt", "photos/note.txt")
    for folder in ["camera", "killed-camera"]:
        put(portrait("Salley", 6), f"{folder}/a.jpg")
        put(portrait("Salley", 6), f"{folder}/day/a again.jpg")
        put(portrait("Savage", 6), f"{folder}/b.jpg")
        put(DRAWN / "squares.png", f"{folder}/squares.png")
        put(DRAWN / "beside.xmp", f"{folder}/squares.xmp")
        put(DRAWN / "circle.png", f"{folder}/circle.png")
    for number in range(3):
        put(portrait("Simm", 5 + number), f"holiday/DSC_{number}.jpg")
    put(DRAWN / "beside.xmp", "holiday/DSC_1.xmp")
    put(portrait("Salley", 7), "holiday/sea/DSC_7.jpg")
    for number in range(3):
        put(portrait("Shimkus", 2 + number), f"sorted/keep/{number}.jpg")
        put(portrait("Schneider", 5 + number), f"sorted/discard/{number}.jpg")


# The program.


def run(*arguments, accepted=(0, 3), kill_at=None):
    """Runs the program in ROOT; with `kill_at` it is killed at that call of `renameat2`."""
    command = [facesort, *arguments]
    if kill_at:
        command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e",
                   f"inject=renameat2:signal=KILL:when={kill_at}", *command]
        accepted = (-9, 137)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False)
    if done.returncode not in accepted:
        sys.exit(f"{arguments} ended with {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


class ReviewVisit:
    """A visit to the pages of `review`: loads them and sends their forms."""

    def __enter__(self):
        self.process = subprocess.Popen(
            [facesort, "review", "album"], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            found = re.search(r"http://[^/\s]+(/\S*)?", line)
            if found:
                break
        else:
            sys.exit("review printed no address")
        address = urllib.parse.urlsplit(found.group())
        self.base = f"{address.scheme}://{address.netloc}"
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.load(address.path + "?" + address.query)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def load(self, path, form=None):
        request = urllib.request.Request(
            self.base + path, None if form is None else urllib.parse.urlencode(form).encode(),
            {"Origin": self.base})
        with self.opener.open(request) as reply:
            return html.unescape(reply.read().decode())

    def send(self, path, form, page=None):
        """Sends a form of the page at `page`, or at `path`, with the state that the page shows."""
        shown = self.load(page or path)
        revision = re.search(r'name="revision" value="(\d+)"', shown).group(1)
        self.load(path, [("revision", revision), *form(shown)])
        # The album is judged again after each answer.
        while '"review"' in self.load("/progress"):
            time.sleep(0.1)


def faces(page):
    return [("face", face) for face in dict.fromkeys(re.findall(r'name="face" value="([^"]+)"', page))]


def answer():
    with ReviewVisit() as visit:
        groups = dict.fromkeys(re.findall(r'href="(/group/\d+)', visit.load("/groups")))
        sizes = {group: len(faces(visit.load(group))) for group in groups}
        first, second = sorted(groups, key=lambda group: -sizes[group])[:2]
        visit.send(first, lambda page: [
            *faces(page), ("out", faces(page)[-1][1]), ("name", "Carla"), ("rest", "stayUnnamed")])
        visit.send(second, lambda page: [*faces(page), ("do", "no-guest")])
        person = re.search(r'href="(/person/[^"]+)"[^>]*>(?:(?!/person/).)*?Anna',
                           visit.load("/people"), re.S).group(1)
        visit.send(person, lambda page: [("not", faces(page)[0][1])])
        photos = re.findall(r'href="(/photo/[^"?]+)', visit.load(person))
        visit.send(photos[-1].replace("/photo/", "/draw/"), lambda page: [
            ("name", "Ben"), ("box", "0.02 0.02 0.2 0.2")])


# What is kept.


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def listing(folder):
    """The files of a folder of ROOT by path, without our state."""
    top = ROOT / folder
    return {str(path.relative_to(top)): digest(path) for path in sorted(top.rglob("*"))
            if path.is_file() and ".facesort" not in path.relative_to(top).parts}


def scrub():
    """Takes small pictures of photos that are not ours out of the catalogues, and the WAL in."""
    ours = [bytes.fromhex(digest(path)) for path in DRAWN.iterdir()]
    for workspace in WORKSPACES:
        path = ROOT / workspace / ".facesort/catalogue.sqlite"
        base = sqlite3.connect(path, isolation_level=None)
        base.execute(
            "UPDATE pictureAnalysis SET greys = NULL, differenceHash = NULL, sharpness = NULL, "
            "brightness = NULL, darkFraction = NULL, brightFraction = NULL, thumbnail = NULL, "
            "blurRadius = NULL, blurCells = NULL WHERE photo NOT IN (SELECT id FROM photo WHERE "
            f"hash IN ({', '.join('?' * len(ours))}))", ours)
        base.execute("PRAGMA journal_mode = DELETE")
        base.execute("VACUUM")
        base.close()


def origins():
    """Where the bytes of each photo come from, by their hash."""
    found = {digest(path): f"drawn/{path.name}" for path in DRAWN.iterdir()}
    for path in samples.rglob("*.jpg"):
        found.setdefault(digest(path), f"samples/{path.relative_to(samples)}")
    cut = portrait("Salley", 5)
    found[hashlib.sha256(cut.read_bytes()[:2000]).hexdigest()] = (
        f"samples/{cut.relative_to(samples)}#2000")
    return found


def files():
    known = origins()
    return [
        {"path": str(path.relative_to(ROOT)), "modified": path.stat().st_mtime_ns,
         "hash": digest(path), "origin": known[digest(path)]}
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and ".facesort" not in path.relative_to(ROOT).parts]


def keep_state():
    with tarfile.open(HERE / "state.tar.gz", "w:gz", compresslevel=9) as archive:
        for workspace in WORKSPACES:
            state = ROOT / workspace / ".facesort"
            for path in sorted(state.rglob("*")):
                if path.is_file() and STATE_FILES.fullmatch(str(path.relative_to(state))):
                    archive.add(path, str(path.relative_to(ROOT)), filter=plain)


def plain(entry):
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def restore():
    shutil.rmtree(ROOT)
    subprocess.run(["cp", "-a", KEPT, ROOT], check=True)


def main():
    if ROOT.exists() or KEPT.exists():
        sys.exit(f"'{ROOT}' or '{KEPT}' exists: remove it")
    draw()
    put_all()
    run("sort", "photos", "--people", "people", "--to", "album", "--engine", "f32")
    answer()
    (ROOT / "album/unknown/alone.jpg").rename(ROOT / "album/Ben/alone.jpg")
    (ROOT / "album/Anna/anna 4.jpg").unlink()
    run("sort", "--to", "album")
    run("sort", "photos", "--people", "people", "--to", "killed", "--engine", "f32", kill_at=6)
    clean = ["--duplicates", "--no-faces", "--apply", "--engine", "f32"]
    run("clean", "camera", "--to", "bin", *clean)
    put(DRAWN / "stripes.png", "camera/stripes.png")
    run("clean", "camera", "--to", "bin", *clean)
    run("clean", "killed-camera", "--to", "killed-bin", *clean, kill_at=3)
    for template in ["{people} {sequence}", "{sequence} {kind}"]:
        run("rename", "holiday", "--people", "people", "--template", template, "--apply",
            "--engine", "f32")
    run("keep", "label", "sorted", "--to", "choices", "--engine", "f32")
    scrub()
    subprocess.run(["cp", "-a", ROOT, KEPT], check=True)
    keep_state()
    fixture = {
        "root": str(ROOT), "files": files(), "status": {
            workspace: json.loads(run("status", workspace, "--json")) for workspace in WORKSPACES},
        "faces": json.loads(run("faces", "album", "--json")),
        "labels": json.loads(run("keep", "check", "--to", "choices", "--json")), "after": {}}
    # What the program of that commit itself does next.
    after = fixture["after"]

    def step(name, folders, *arguments):
        run(*arguments)
        after[name] = {folder: listing(folder) for folder in folders}

    step("album sorted again", ["album"], "sort", "--to", "album")
    step("album undone once", ["album"], "undo", "album")
    step("album undone twice", ["album"], "undo", "album")
    step("bin undone", ["bin", "camera"], "undo", "bin", "--all")
    step("killed-bin undone", ["killed-bin", "killed-camera"], "undo", "killed-bin")
    step("holiday undone once", ["holiday"], "undo", "holiday")
    step("holiday undone twice", ["holiday"], "undo", "holiday")
    step("killed carried on", ["killed"], "sort", "photos", "--people", "people", "--to", "killed")
    restore()
    step("killed undone", ["killed"], "undo", "killed")
    step("killed-bin carried on", ["killed-bin", "killed-camera"],
         "clean", "killed-camera", "--to", "killed-bin", *clean)
    text = json.dumps(fixture, ensure_ascii=False, indent=1, sort_keys=True)
    (HERE / "fixture.json").write_text(text + "\n")


main()
