"""Says where in another process's memory something is, as root may look.

Usage: memory.py PID <TEXTS

Prints for each line of the standard input how often it is in memory that is locked, and in other memory.
"""

import sys


def regions(process):
    """Start, end and whether it is locked, of all that the process can write to (proc_pid_smaps(5))."""
    with open(f"/proc/{process}/smaps") as file:
        for line in file:
            words = line.split()
            if "-" in words[0] and not words[0].endswith(":"):
                start, end = (int(number, 16) for number in words[0].split("-"))
                is_writable = words[1].startswith("rw")
            elif words[0] == "VmFlags:" and is_writable:
                yield start, end, "lo" in words


def counts(process, text):
    found = {True: 0, False: 0}
    with open(f"/proc/{process}/mem", "rb", 0) as memory:
        for start, end, is_locked in regions(process):
            memory.seek(start)
            found[is_locked] += memory.read(end - start).count(text)
    return found


for wanted in sys.stdin.buffer.read().splitlines():
    result = counts(int(sys.argv[1]), wanted)
    print(f"{result[True]} locked, {result[False]} elsewhere")
