"""How long programs take, by hyperfine, and what they use of processor and memory."""

import json
import os
import resource
import shlex
import statistics
import subprocess

ROUNDS, RUNS, WARM_UP = 12, 5, 1


def times(world, commands, prepare=None, runs=RUNS, rounds=ROUNDS, configs={}, **variables):
    """Medians in milliseconds of named commands, each run `rounds` times `runs` times; `configs` has the config file of some.

    The commands take turns, each round in another order, so that what disturbs the machine for seconds disturbs all of them.
    """
    samples = {name: [] for name in commands}
    names = list(commands)
    for _ in range(rounds):
        names = names[1:] + names[:1]
        for name in names:
            config = {"AWS_CONFIG_FILE": configs[name]} if name in configs else {}
            samples[name] += hyperfine(world, commands[name], prepare, runs, variables | config)
    return {name: round(1000 * statistics.median(found), 3) for name, found in samples.items()}


def hyperfine(world, command, prepare, runs, variables):
    """Seconds of each run."""
    results = f"{world.scratch}/hyperfine.json"
    arguments = ["hyperfine", "--shell=none", "--style=none", f"--warmup={WARM_UP}", f"--runs={runs}",
                 f"--export-json={results}"]
    if prepare:
        arguments += ["--prepare", shlex.join(prepare)]
    world.output(*arguments, shlex.join(command), **variables)
    with open(results) as file:
        return json.load(file)["results"][0]["times"]


def peak_memory(world, command):
    """KiB, by GNU time: what Python itself waits for has the memory of Python in it."""
    path = f"{world.scratch}/memory"
    world.output("/usr/bin/time", "--format=%M", f"--output={path}", *command)
    with open(path) as file:
        return int(file.read())


def used_by_children():
    """Seconds of processor time of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def one_after_another(world, command, count):
    """Seconds of processor time of so many calls."""
    before = used_by_children()
    for _ in range(count):
        subprocess.run(command, env=world.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return used_by_children() - before


def at_once(world, command, count):
    """Seconds of processor time of so many calls that run together, and how many of them failed."""
    before = used_by_children()
    started = [
        subprocess.Popen(command, env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL) for _ in range(count)]
    failures = sum(process.wait() != 0 for process in started)
    return used_by_children() - before, failures


def load():
    return os.getloadavg()[0]


def per_prompt(world, shell, profile, prompts=20_000):
    """Milliseconds that the hook takes, called as often as before so many prompts, less an empty function's."""
    script = f"""
{'zmodload zsh/datetime' if shell == 'zsh' else ''}
PATH={os.path.dirname(world.daypass)}:$PATH
eval "$(daypass init {shell})"
daypass use {profile} 2>/dev/null
[[ -n $AWS_ACCESS_KEY_ID ]] || exit 1
function nothing {{ return 0; }}
start=$EPOCHREALTIME; for ((i = 0; i < {prompts}; i++)); do nothing; done; middle=$EPOCHREALTIME
for ((i = 0; i < {prompts}; i++)); do __daypass_hook; done; end=$EPOCHREALTIME
echo "times $start $middle $end"
"""
    path = f"{world.scratch}/hook.{shell}"
    with open(path, "w") as file:
        file.write(script)
    quiet = ["--norc"] if shell == "bash" else ["-f"]
    found = []
    for _ in range(ROUNDS):
        line = [line for line in world.output(shell, *quiet, "-i", path).splitlines() if line.startswith("times")][0]
        start, middle, end = (float(word) for word in line.split()[1:4])
        found.append(1000 * (end - middle - (middle - start)) / prompts)
    return round(statistics.median(found), 4)
