"""What the benchmark says while it works, apart from the tables."""

import sys


def say(text):
    print(text, file=sys.stderr, flush=True)
