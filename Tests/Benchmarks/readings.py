"""What one row of one server gave, and medians of it."""

from dataclasses import dataclass, field
from statistics import median


@dataclass
class Reading:
    """A number with what it cost; or, where the server failed, why."""

    value: float = 0
    # CPU milliseconds of a request, by process.
    cpu: dict = field(default_factory=dict)
    # How many requests the number is from, and how many there should have been.
    count: int = 1
    wanted: int = 1
    failure: str = ""
    # A further number of the row: the share of good answers, or bytes by file length.
    extra: float | None = None


def middle(readings):
    """The median of each part over the runs; a row that failed once is failed."""
    failed = [reading for reading in readings if reading.failure]
    if failed:
        return failed[0]
    extras = [reading.extra for reading in readings if reading.extra is not None]
    roles = readings[0].cpu
    return Reading(
        value=median(reading.value for reading in readings),
        cpu={role: median(reading.cpu[role] for reading in readings) for role in roles},
        count=min(reading.count for reading in readings),
        wanted=readings[0].wanted,
        extra=median(extras) if extras else None,
    )
