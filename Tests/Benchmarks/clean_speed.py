#!/usr/bin/env python3
"""How long `facesort clean` takes to say which of many already analysed photos go.

    clean_speed.py FACESORT FOLDER    FOLDER made by `recognition-benchmark --analysed`
"""

import json
import resource
import subprocess
import sys
import time


def main():
    program, folder = sys.argv[1:]
    start = time.perf_counter()
    output = subprocess.run(
        [program, "clean", folder + "/photos", "--to", folder + "/bin", "--duplicates",
         "--blurred", "--no-faces", "--json"],
        check=True, stdout=subprocess.PIPE).stdout
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    summary = json.loads(output)
    print(f"{summary['photoCount']} photos, {summary['analysedCount']} analysed again: "
          f"{len(summary['groups'])} groups, {len(summary['moves'])} would go")
    print(f"{seconds:.1f} s, CPU {used.ru_utime + used.ru_stime:.1f} s, "
          f"peak memory {used.ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
