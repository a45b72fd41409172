"""What a folder takes on the disk."""

import os
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Bytes of allocated blocks, and bytes as the files' lengths say."""

    allocated: int
    apparent: int

    def __sub__(self, other):
        return Size(self.allocated - other.allocated, self.apparent - other.apparent)

    def over(self, count):
        return Size(self.allocated / count, self.apparent / count)


def size(folder):
    """The size of everything in the folder, folders included, as du(1) counts."""
    allocated = apparent = 0
    seen = set()
    for place, _, files in os.walk(folder):
        for path in [place] + [os.path.join(place, file) for file in files]:
            try:
                state = os.lstat(path)
            except FileNotFoundError:
                # Servers remove temporary files while this looks.
                continue
            if state.st_ino in seen:
                continue
            seen.add(state.st_ino)
            allocated += state.st_blocks * 512
            apparent += state.st_size
    return Size(allocated, apparent)


def copy(source, target):
    """Copies a folder with all times: a cache may go by them."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
    os.sync()
