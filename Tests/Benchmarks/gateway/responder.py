"""The least that can stand behind a gateway, made from responder.c."""

import os
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("responder.c")
BODY_BYTES = 500


def build(folder):
    """Compiles the responder into a folder and returns the program."""
    program = folder / "responder"
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-pthread", "-o", program, SOURCE],
                   check=True)
    return program
