#!/usr/bin/env python3
"""Sets the dates inside programs and DLLs, so that they do not tell when they were linked.

    dates.py SECONDS FILE...       SECONDS since 1970 (SOURCE_DATE_EPOCH)

The linker's and strip's own options know only the header's date, and the libraries in the cache were linked
when they were.
"""
import struct
import sys

DATED = 0, 6  # data directories: exports, debugging; each begins with flags (4 bytes) and the date
CHECKSUM = 64  # in the optional header


class Program:
    def __init__(self, data):
        self.data = data
        self.header = self.number("<I", 0x3C)
        if data[self.header:self.header + 4] != b"PE\0\0":
            raise ValueError("is no program for Windows")
        self.optional = self.header + 24
        if self.number("<H", self.optional) != 0x20B:
            raise ValueError("is no program of 64 bits")

    def number(self, form, at):
        return struct.unpack_from(form, self.data, at)[0]

    def place(self, address):
        """Where in the file lies what is at ADDRESS in memory."""
        sections = self.optional + self.number("<H", self.header + 20)
        for i in range(self.number("<H", self.header + 6)):
            _, start, size, at = struct.unpack_from("<IIII", self.data, sections + 40 * i + 8)
            if start <= address < start + size:
                return address - start + at
        raise ValueError(f"has nothing at {address:#x}")

    def set_dates(self, seconds):
        struct.pack_into("<I", self.data, self.header + 8, seconds)
        for directory in DATED:
            address = self.number("<I", self.optional + 112 + 8 * directory)
            if address:
                struct.pack_into("<I", self.data, self.place(address) + 4, seconds)

    def set_checksum(self):
        """The sum of all words, with carry, as imagehlp's CheckSumMappedFile has it."""
        struct.pack_into("<I", self.data, self.optional + CHECKSUM, 0)
        padded = self.data + bytes(len(self.data) % 2)
        total = sum(memoryview(padded).cast("H"))
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        struct.pack_into("<I", self.data, self.optional + CHECKSUM, total + len(self.data))


def main(seconds, *names):
    for name in names:
        with open(name, "r+b") as file:
            program = Program(bytearray(file.read()))
            program.set_dates(int(seconds) & 0xFFFFFFFF)
            program.set_checksum()
            file.seek(0)
            file.write(program.data)


main(*sys.argv[1:])
