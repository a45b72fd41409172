"""The benchmark's command line, and the order of what it does."""

import argparse
import contextlib
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import growth
from gateway import comparison
import machine
import report
from bench import Bench, Failed
from processes import Processes
from progress import say
from rows import GROUPS
from scale import Scale
from servers.everlock import Everlock
from servers.radicale import Radicale
from servers.xandikos import Xandikos

TOP = Path(__file__).resolve().parents[2]


def read_options():
    parser = argparse.ArgumentParser(
        prog="Tests/Benchmarks/run",
        description="Measures Everlock Contacts beside Radicale, Xandikos and what this machine "
        "can do at the most; prints Markdown. State lies in a folder of its own under $TMPDIR "
        "(default /tmp), which should be on a real disk, and is removed at the end.",
    )
    parser.add_argument("--cards", type=int, help="cards in the book (default 10000)")
    parser.add_argument("--runs", type=int, help="runs; a number shown is their median (default 3)")
    parser.add_argument("--only", metavar="NAME", action="append", default=[],
                        help="only measurements whose name contains this; may be repeated: "
                        + ", ".join(group.name for group in GROUPS))
    parser.add_argument("--quick", action="store_true",
                        help="a smoke run of a minute: 500 cards, 1 run, few requests")
    parser.add_argument("--growth", action="store_true",
                        help="Everlock alone, with 100, 1,000, 10,000 and 50,000 cards")
    parser.add_argument("--gateway", action="store_true",
                        help="the gateway alone, beside nginx in front of the same responder")
    parser.add_argument("--cap", type=float, metavar="SECONDS",
                        help="stop a row of one server in one run after this time and report from "
                        "what was done (default 20)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the Markdown here too")
    parser.add_argument("--bin", type=Path, metavar="FOLDER",
                        help="use the programs in this folder (implies --no-build)")
    parser.add_argument("--no-build", action="store_true", help="use what was built before")
    parser.add_argument("--no-install", action="store_true",
                        help="do not look for missing packages and peers")
    options = parser.parse_args()
    for name in ("cards", "runs", "cap"):
        given = getattr(options, name)
        if given is not None and given <= 0:
            parser.error(f"--{name} must be more than 0")
    if options.output:
        # Now rather than after an hour.
        try:
            options.output.touch()
        except OSError as error:
            parser.error(f"--output: {error}")
    return options


def programs_folder(options):
    folder = (options.bin or TOP / ".build/release").resolve()
    for program in ("frontend-http", "contacts-backend", "contactsctl"):
        if not (folder / program).exists():
            sys.exit(f"{folder}/{program} is not there; run without --no-build")
    return folder


@contextlib.contextmanager
def own_folder():
    """A temporary folder that is gone afterwards, also after Ctrl-C and SIGTERM."""
    folder = Path(tempfile.mkdtemp(prefix="everlock-bench."))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(options, folder, processes):
    scale = Scale.read(options)
    everlock = Everlock(processes, programs_folder(options))
    about = machine.describe(folder)
    if options.growth:
        return growth.run(everlock, scale, folder, about)
    if options.gateway:
        return comparison.run(everlock, scale, folder, about)
    peers = [Radicale(processes, TOP / ".venv-bench/radicale"),
             Xandikos(processes, TOP / ".venv-bench/xandikos")]
    groups = [group for group in GROUPS
              if not options.only or any(part in group.name for part in options.only)]
    if not groups:
        raise Failed("no measurement has such a name; see --help")
    bench = Bench([everlock, *peers], scale, folder, processes)
    bench.run(groups)
    return report.write(bench, groups, about)


def main():
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # A shell that starts this in the background would have it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with own_folder() as folder, Processes() as processes:
        try:
            text = measure(options, folder, processes)
        except KeyboardInterrupt:
            say("Stopped; everything that was started is ended.")
            return 130
        except Failed as error:
            say(f"Failed: {error}")
            return 1
    print(text)
    if options.output:
        options.output.write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
