#!/usr/bin/env python3
"""Fails when a target of a product has flags of the compiler, which others would have to take over.

    swift package dump-package | manifest.py
"""

import json
import sys

package = json.load(sys.stdin)
targets = {target["name"]: target for target in package["targets"]}
waiting = [name for product in package["products"] for name in product["targets"]]
seen = set()
while waiting:
    name = waiting.pop()
    if name in seen or name not in targets:
        continue
    seen.add(name)
    for way in targets[name]["dependencies"]:
        waiting += [way[kind][0] for kind in ("byName", "target") if kind in way]
if not seen:
    sys.exit("manifest: Package.swift has no product")
faults = [name for name in sorted(seen)
          if any("unsafeFlags" in setting["kind"] for setting in targets[name]["settings"])]
for name in faults:
    print(f"manifest: '{name}' is part of a product and has unsafeFlags", file=sys.stderr)
sys.exit(1 if faults else 0)
