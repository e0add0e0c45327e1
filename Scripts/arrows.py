#!/usr/bin/env python3
"""Holds every import, and every use of another folder's types, against the tables of ARCHITECTURE.md.

    arrows.py [ROOT]

The first table says what each module may import; the second, which folders of AlbumKit may know the
types of which others. An import that the table does not name fails, and so does a name in the table
that nothing imports, a module without a line, a circle, and a use case that knows another.
Prints each fault with its file and line; exits 1 when there is one.
"""

import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
# What comes with the toolchain and the system.
GIVEN = {"Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization"}
IMPORT = re.compile(
    r"^\s*(?:@\w+\s+)*(?:public |package |internal |private |fileprivate )?import "
    r"(?:(?:struct|class|enum|func|protocol|typealias) )?(\w+)")
TYPE = re.compile(
    r"^(?:(?:public|package|internal|final|indirect)\s+)*"
    r"(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)", re.M)


def table(heading):
    """The lines `name: other other` of the code block that follows a heading of ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = re.search(re.escape(heading) + r"\n.*?```text\n(.*?)```", text, re.S)
    if not block:
        sys.exit(f"arrows: ARCHITECTURE.md has no table under '{heading}'")
    lines = [line.split(":") for line in block.group(1).splitlines() if line.strip()]
    return {name.strip(): set(others.split()) for name, others in lines}


def code(text):
    """The text without comments and without what stands between quotation marks."""
    text = re.sub(r'"""(?:.|\n)*?"""', '""', text)
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)


def circle(arrows):
    """A path that leads back to its start; none when there is none."""
    done = set()

    def walk(name, path):
        if name in path:
            return path[path.index(name):] + [name]
        if name in done:
            return None
        for other in sorted(arrows.get(name, ())):
            found = walk(other, path + [name])
            if found:
                return found
        done.add(name)
        return None

    return next(filter(None, (walk(name, []) for name in sorted(arrows))), None)


def imports(faults):
    allowed = table("## Modules")
    sources = ROOT / "Sources"
    for folder in sorted(path.name for path in sources.iterdir() if path.is_dir()):
        if folder not in allowed:
            faults.append(f"Sources/{folder} has no line in ARCHITECTURE.md's table of modules")
    for module, others in allowed.items():
        unused = set(others)
        for path in sorted((sources / module).rglob("*.swift")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = IMPORT.match(line)
                if not match or match.group(1) in GIVEN:
                    continue
                unused.discard(match.group(1))
                if re.match(r"\s*(public|package) import C[A-Z]", line):
                    faults.append(
                        f"{path.relative_to(ROOT)}:{number}: a C module is imported 'internal' only")
                if match.group(1) not in others:
                    faults.append(
                        f"{path.relative_to(ROOT)}:{number}: {module} may not import {match.group(1)}")
        for name in sorted(unused):
            faults.append(f"ARCHITECTURE.md lets {module} import {name}, and no file of it does")
    # What each C module is imported by.
    users = collections.Counter(
        other for others in allowed.values() for other in others if re.match(r"C[A-Z]", other))
    for name, count in users.items():
        if count > 1:
            faults.append(f"ARCHITECTURE.md: {name} is imported by {count} modules, not by one")
    loop = circle(allowed)
    if loop:
        faults.append("ARCHITECTURE.md: the modules go in a circle: " + " -> ".join(loop))


def folders(faults):
    allowed = table("## Folders of AlbumKit")
    kit = ROOT / "Sources" / "AlbumKit"
    files = {path: code(path.read_text(encoding="utf-8")) for path in sorted(kit.rglob("*.swift"))}
    home = {}
    for path, text in files.items():
        folder = path.relative_to(kit).parts[0]
        if folder not in allowed:
            faults.append(f"{path.relative_to(ROOT)}: '{folder}' has no line in ARCHITECTURE.md")
        for name in TYPE.findall(text):
            home[name] = folder
    used = collections.defaultdict(set)
    for path, text in files.items():
        folder = path.relative_to(kit).parts[0]
        for name in set(re.findall(r"\b[A-Z]\w*\b", text)):
            other = home.get(name, folder)
            if other == folder:
                continue
            used[folder].add(other)
            if other not in allowed.get(folder, ()):
                faults.append(f"{path.relative_to(ROOT)}: {folder} may not know {name}, of {other}")
    for folder, others in allowed.items():
        for other in sorted(others - used[folder]):
            faults.append(f"ARCHITECTURE.md lets {folder} know {other}, and no file of it does")
    loop = circle(allowed)
    if loop:
        faults.append("ARCHITECTURE.md: AlbumKit's folders go in a circle: " + " -> ".join(loop))


def paths(faults):
    """The files and folders that ARCHITECTURE.md names must be there."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = {path.name for path in (ROOT / "Sources").iterdir()} | {"CModules", "Scripts", "Tests"}
    for name in re.findall(r"`([\w+]+/[\w+/.-]+)`", text):
        top = name.split("/")[0]
        base = ROOT if top in ("CModules", "Scripts", "Tests", "Sources") else ROOT / "Sources"
        if top in modules and not (base / name).exists():
            faults.append(f"ARCHITECTURE.md names '{name}', which is not there")


def main():
    faults = []
    imports(faults)
    folders(faults)
    paths(faults)
    for fault in faults:
        print(f"arrows: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
