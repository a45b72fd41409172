"""Where the numbers come from: the machine, its system, and how busy it was at the start."""

import os
import platform
import re
import subprocess


def describe(folder):
    """Lines for the head of the report; asked before anything is measured."""
    return [
        f"CPU: {cpu_model()}, {os.cpu_count()} cores; memory: {memory_gigabytes():.0f} GB",
        f"System: {system()}, kernel {platform.release()}; state on {file_system(folder)}",
        f"Load at the start (1, 5, 15 minutes): {load()}",
    ]


def load():
    return ", ".join(f"{average:.2f}" for average in os.getloadavg())


def cpu_model():
    with open("/proc/cpuinfo") as file:
        found = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.MULTILINE)
    return found.group(1).strip() if found else platform.machine()


def memory_gigabytes():
    with open("/proc/meminfo") as file:
        return int(re.search(r"^MemTotal:\s+(\d+) kB", file.read(), re.MULTILINE).group(1)) / 1e6


def system():
    return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())


def file_system(folder):
    """The kind of the file system, with its options where they bear on writing."""
    said = subprocess.run(["findmnt", "--noheadings", "--output", "FSTYPE,OPTIONS",
                           "--target", str(folder)], capture_output=True, text=True)
    kind, _, options = said.stdout.strip().partition(" ")
    telling = [option for option in options.strip().split(",")
               if option in ("relatime", "noatime", "nobarrier", "data=writeback", "async")]
    return f"{kind or 'an unknown file system'} ({', '.join(telling)})" if telling else kind
