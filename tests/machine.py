"""What a machine that is lent loses to the one under it, which Linux counts (`steal` in `/proc/stat`)."""

from pathlib import Path


def stopwatch():
    """Start measuring. What it returns, when called, is the share of all processor time taken away since.

    Where the system does not count it, that is 0.
    """
    before = _counted()

    def share():
        taken, everything = (now - then for now, then in zip(_counted(), before, strict=True))
        return taken / everything if everything else 0.0

    return share


def _counted():
    """What was taken since the machine started, and all time of all its processors, in ticks."""
    try:
        times = Path("/proc/stat").read_text().split("\n")[0].split()[1:9]
    except OSError:
        return 0, 0
    return int(times[7]), sum(map(int, times))
