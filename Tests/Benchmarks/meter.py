"""Takes the time and the CPU of requests, one after another, until there are enough."""

import time
from statistics import median

import dav
from readings import Reading
from servers.server import ServerFailure

# Long enough for a server to finish what it does after an answer.
PAUSE_SECONDS = 0.005


def expect(condition, problem):
    """Fails the row where an answer is not what it must be."""
    if not condition:
        raise ServerFailure(problem)


def expect_responses(answer, count, what):
    """Fails the row unless this is a multistatus about so many resources."""
    expect(answer.status == 207, f"{what} is answered with {answer.status}")
    found = dav.responses(answer.body)
    expect(found == count, f"{what} names {found} resources, not {count}")


def repeat(server, count, cap, ask, check=None):
    """Calls ask(number) for an answer up to `count` times, but no longer than `cap` seconds.

    Returns the median time in milliseconds, and the CPU of the whole stretch for each request.
    Checks come after the time was taken; they cost the servers nothing.
    """
    seconds = []
    begin = time.monotonic()
    before = server.cpu_seconds()
    for number in range(count):
        answer = ask(number)
        seconds.append(answer.seconds)
        if check:
            check(number, answer)
        if time.monotonic() - begin > cap:
            break
    return Reading(median(seconds) * 1e3, cpu_each(server, before, len(seconds)), len(seconds),
                   count)


def repeat_apart(server, count, cap, prepare, ask, check):
    """As `repeat`, with something before each request that is not measured."""
    seconds = []
    cpu = dict.fromkeys(server.running, 0.0)
    begin = time.monotonic()
    for number in range(count):
        prepare(number)
        time.sleep(PAUSE_SECONDS)
        before = server.cpu_seconds()
        answer = ask(number)
        time.sleep(PAUSE_SECONDS)
        for role, used in server.cpu_seconds().items():
            cpu[role] += used - before[role]
        seconds.append(answer.seconds)
        check(number, answer)
        if time.monotonic() - begin > cap:
            break
    done = len(seconds)
    return Reading(median(seconds) * 1e3, {role: used / done * 1e3 for role, used in cpu.items()},
                   done, count)


def cpu_each(server, before, count):
    """CPU milliseconds for each of `count` requests since `before`, by process."""
    return {role: (used - before.get(role, 0)) / count * 1e3
            for role, used in server.cpu_seconds().items()}
