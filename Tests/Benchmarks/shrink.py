"""shrink.py FOLDER --by 2|4 PHOTO...

Writes the photos into FOLDER at a half or a quarter of their size, by the JPEG decoder's own
scaling, without further loss: for programs that must get exactly the same pixels. Needs the
environment that Scripts/benchmark makes.
"""

import argparse
import os
import shutil

from PIL import Image


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder")
    arguments.add_argument("photos", nargs="+")
    arguments.add_argument("--by", type=int, choices=(2, 4), required=True)
    options = arguments.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    os.makedirs(options.folder)
    for path in options.photos:
        with Image.open(path) as photo:
            size = photo.width // options.by, photo.height // options.by
            photo.draft("RGB", size)
            name = os.path.splitext(os.path.basename(path))[0] + ".png"
            photo.save(os.path.join(options.folder, name), compress_level=1)


if __name__ == "__main__":
    main()
