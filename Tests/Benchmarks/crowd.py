"""Many callers on one terminal who need an MFA code, and the person who types it."""

import os
import pty
import select
import time

from world import DEVICE

PROMPT = f"MFA code for {DEVICE}: "
CALLS = """
count=$1 daypass=$2 folder=$3 i=0
while [ $i -lt "$count" ]; do
  i=$((i + 1))
  ( "$daypass" credential-process readonly >"$folder/$i.out" 2>/dev/null; echo $? >"$folder/$i.status" ) &
done
wait
echo all done
"""


def cold(world, count):
    """(prompts, failures, different answers) of so many callers at once, of whom each needs a session that nobody has."""
    folder = f"{world.scratch}/crowd"
    os.mkdir(folder)
    transcript = converse(world, ["sh", "-c", CALLS, "sh", str(count), world.daypass, folder])
    statuses = [read(f"{folder}/{number}.status") for number in range(1, count + 1)]
    answers = {read(f"{folder}/{number}.out") for number in range(1, count + 1)}
    return transcript.count(PROMPT), sum(status != "0\n" for status in statuses), len(answers)


def converse(world, command, limit=120):
    """What a command shows on a terminal of its own, where each prompt is given a good code."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(command[0], command, world.env)
    shown, answered, end = "", 0, time.monotonic() + limit
    while "all done" not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 65536).decode(errors="replace")
        if shown.count(PROMPT) > answered:
            answered += 1
            os.write(terminal, (world.control(f"code?serial={DEVICE}").strip() + "\n").encode())
    os.close(terminal)
    os.waitpid(child, 0)
    return shown


def read(path):
    with open(path) as file:
        return file.read()
