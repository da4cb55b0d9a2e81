"""The results as a page."""

WORDS = {True: "yes", False: "**no**"}


def table(bench):
    yield from ("| measure | bar | measured | met |", "|---|---|---|---|")
    for row in bench.rows:
        yield f"| {row.measure} | {row.bar} | {row.found}{figures(row)} | {WORDS[row.met]} |"


def markdown(facts, bench):
    lines = ["# How fast daypass is", "", "Written by `make bench`; wall times are medians of 60 runs, in turns with the",
             "program they are compared with (Tests/Benchmarks/timing.py).", ""]
    lines += [f"- {name}: {value}" for name, value in machine(facts)]
    lines += ["", *table(bench)]
    lines += ["", "## Others, with credentials at hand", "", "| command | takes |", "|---|---|"]
    lines += [f"| `{other['command']}` | {others(other)} |" for other in bench.others]
    lines += ["", "## Cost against size", "", "![milliseconds against what is stored](cost-against-size.svg)", ""]
    lines += series("sessions and keys", bench.series["stored"]) + [""] + series("profiles", bench.series["profiles"])
    return "\n".join(lines) + "\n"


def machine(facts):
    yield "machine", f"{facts['processor']}, {facts['cores']} cores; {facts['system']}, kernel {facts['kernel']}"
    yield "programs", ", ".join(
        f"{name} {facts[name]}" for name in
        ("daypass", "libsecret-tools", "gnome-keyring", "dbus-daemon", "curl", "hyperfine"))
    yield "load at the start", f"{facts['load']:.2f}" + (", measured before all other work" if facts["realtime"] else "")
    yield "date", facts["date"]


def figures(row):
    """The medians behind a ratio."""
    if "daypass" not in row.figures:
        return ""
    return " (" + ", ".join(f"{name} {value:.1f} ms" for name, value in row.figures.items()) + ")"


def others(other):
    if "note" in other:
        return other["note"]
    return (f"{other['ms']:.1f} ms, {other['of secret-tool']:.1f} × `secret-tool lookup`, "
            f"{other['of daypass']:.0f} × `daypass credential-process`")


def series(what, found):
    names = list(next(iter(found.values())))
    lines = [f"| {what} | " + " | ".join(f"{name}, ms" for name in names) + " |", "|---" * (len(names) + 1) + "|"]
    return lines + [
        f"| {count:,} | ".replace(",", " ") + " | ".join(f"{times[name]:.2f}" for name in names) + " |"
        for count, times in found.items()]
