#!/usr/bin/env python3
"""Draws a program's icon in the sizes that Windows shows, from the one drawing that there is.

    icon.py DRAWING.svg ICON.ico

An .ico file is a directory and its pictures; Windows reads PNG in it since Vista.
"""
import struct
import subprocess
import sys

SIZES = 16, 20, 24, 32, 40, 48, 64, 256  # with the scales that screens have: 100, 125, 150, 200 %


def picture(drawing, size):
    return subprocess.run(["rsvg-convert", "--width", str(size), "--height", str(size), drawing],
                          check=True, stdout=subprocess.PIPE).stdout


def icon(pictures):
    """PICTURES is {size: PNG}. A directory's byte for 256 pixels is 0."""
    directory, data = [struct.pack("<HHH", 0, 1, len(pictures))], []
    offset = 6 + 16 * len(pictures)
    for size, png in pictures.items():
        directory.append(struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), offset))
        data.append(png)
        offset += len(png)
    return b"".join(directory + data)


def main(drawing, target):
    data = icon({size: picture(drawing, size) for size in SIZES})
    with open(target, "wb") as file:
        file.write(data)


main(*sys.argv[1:])
