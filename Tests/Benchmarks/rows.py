"""The rows of the table: what is measured, against what, and the bar it is to meet."""

from dataclasses import asdict, dataclass
import json
import shlex
import shutil
import sys

import crowd
import server
import timing
from world import ALICE, BOB, Failure

SIZES = (1, 50, 500)
PROFILES = (1, 1_000, 5_000, 10_000)
CALLERS = 200
# For what is a few per cent from its bar.
NARROW_ROUNDS = 4 * timing.ROUNDS


@dataclass
class Row:
    measure: str
    bar: str
    found: str
    met: bool
    #: Medians in milliseconds behind it, or other figures.
    figures: dict

    def data(self):
        return asdict(self)


class Bench:
    """Measures every row in a world; afterwards `rows`, `others` and `series` hold what was found."""

    def __init__(self, world):
        self.world = world
        self.rows, self.others, self.series = [], [], {"stored": {}, "profiles": {}}
        daypass = world.daypass
        self.exec = [daypass, "exec", "p0", "--", "/bin/true"]
        self.process = [daypass, "credential-process", "p0"]
        self.secret_tool = ["secret-tool", "lookup", "service", "bench"]

    @staticmethod
    def vault(command, *arguments):
        return ["aws-vault", "--backend=secret-service", command, *arguments]

    def run(self):
        self.prepare()
        for measure in (self.warm, self.identity_center, self.others_on_path, self.completion, self.hook, self.cold,
                        self.profiles, self.memory, self.crowd_warm, self.crowd_cold, self.server, self.stored):
            print(f"bench: {measure.__name__.replace('_', ' ')}", flush=True)
            measure()

    def prepare(self):
        world = self.world
        world.env["AWS_CONFIG_FILE"] = world.write_config("config", max(SIZES))
        world.output("secret-tool", "store", "--label=bench", "service", "bench", text="a secret like others")
        world.add_key("alice", ALICE)
        if shutil.which("aws-vault"):
            world.output(
                *self.vault("add", "--env", "vault"), AWS_ACCESS_KEY_ID=BOB[0], AWS_SECRET_ACCESS_KEY=BOB[1])
        self.fill(0, 1)
        world.env["AWS_CONFIG_FILE"] = world.write_config("one", 1)

    def fill(self, first, end):
        """A key and a session for each of these profiles."""
        for number in range(first, end):
            self.world.add_key(f"p{number}", BOB)
            self.world.add_session(f"p{number}")

    def add(self, measure, ratio, bar, against, figures):
        self.rows.append(Row(measure, f"≤ {bar:.2f} × {against}", f"{ratio:.2f} ×", ratio <= bar, figures))

    def against_secret_tool(self, measure, command, bar, rounds=timing.ROUNDS):
        found = timing.times(
            self.world, {"daypass": command, "secret-tool": self.secret_tool, "true": ["/bin/true"]}, rounds=rounds)
        self.add(measure, found["daypass"] / found["secret-tool"], bar, "`secret-tool lookup`", found)

    def warm(self):
        self.against_secret_tool("warm `exec P -- /bin/true`", self.exec, 0.40)
        self.against_secret_tool("warm `credential-process P`", self.process, 0.35)

    def identity_center(self):
        """The same profile's place in the same config, with a key and with a role of Identity Center."""
        self.world.sign_in()
        self.world.add_session("sso")
        found = timing.times(
            self.world, {"Identity Center": [self.world.daypass, "credential-process", "sso"], "key": self.process})
        self.add(
            "warm `credential-process` of Identity Center", found["Identity Center"] / found["key"], 1.05, "of a key", found)

    def completion(self):
        names, prompt = [self.world.daypass, "list", "--names"], [self.world.daypass, "status", "--prompt"]
        self.against_secret_tool("completion of profiles, `list --names`", names, 0.35)
        held = {"DAYPASS_PROFILE": "p0", "AWS_ACCESS_KEY_ID": BOB[0], "AWS_CREDENTIAL_EXPIRATION": "2100-01-01T00:00:00Z"}
        found = timing.times(self.world, {"daypass": prompt, "list --names": names}, **held)
        self.add("prompt segment, `status --prompt`", found["daypass"] / found["list --names"], 1.05, "`list --names`", found)

    def hook(self):
        """What the hook adds to each prompt, by running it in the shell that holds fresh credentials."""
        for shell in ("bash", "zsh"):
            found = timing.per_prompt(self.world, shell, "p0")
            self.rows.append(Row(
                f"prompt hook in {shell}, credentials fresh", "≤ 0.20 ms", f"{found:.3f} ms", found <= 0.2, {"ms": found}))

    def cold(self):
        """One GetSessionToken each; the session is cleared before every run."""
        curl = ["curl", "--silent", "--fail", "--output", "/dev/null", "--aws-sigv4", "aws:amz:us-east-1:sts",
                "--user", ":".join(BOB),
                "--header", "Content-Type: application/x-www-form-urlencoded; charset=utf-8", "--data",
                "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=43200", self.world.env["AWS_ENDPOINT_URL"] + "/"]
        without = [self.world.daypass, "exec", "--no-session", "p0", "--", "/bin/true"]
        found = timing.times(
            self.world, {"daypass": self.exec, "secret-tool": self.secret_tool, "curl": curl},
            prepare=[self.world.daypass, "clear", "p0"], rounds=NARROW_ROUNDS)
        both = found["secret-tool"] + found["curl"]
        self.add("cold `exec`", found["daypass"] / both, 1.00, "(`secret-tool lookup` + `curl --aws-sigv4`)", found)
        self.against_secret_tool("`exec --no-session`", without, 1.10, NARROW_ROUNDS)
        if shutil.which("aws-vault"):
            self.cold_against_aws_vault()
        self.world.add_session("p0")

    def cold_against_aws_vault(self):
        """Its session is cleared before every run as ours is; it has a profile of its own, whose key is Bob's, too."""
        clear = shlex.join([self.world.daypass, "clear", "p0"]) + "; " + shlex.join(self.vault("clear", "vault"))
        found = timing.times(
            self.world, {"daypass": self.exec, "aws-vault": self.vault("exec", "vault", "--", "/bin/true")},
            prepare=["sh", "-c", clear])
        self.add("cold `exec`, beside aws-vault", found["daypass"] / found["aws-vault"], 0.95, "`aws-vault exec`", found)

    def profiles(self):
        """The first profile of a growing config."""
        configs = {count: self.world.write_config(f"config-{count}", count) for count in PROFILES}
        found = timing.times(
            self.world, {"secret-tool": self.secret_tool} | {count: self.process for count in PROFILES}, configs=configs,
            rounds=NARROW_ROUNDS)
        for count in PROFILES:
            self.series["profiles"][count] = {"credential-process": found[count], "secret-tool": found["secret-tool"]}
        none, _, half, full = (found[count] for count in PROFILES)
        growth = (full - half) / (half - none)
        figures = {f"{count} profiles": found[count] for count in PROFILES}
        self.add(
            "`credential-process P` with 10 000 profiles in the config", full / found["secret-tool"], 1.00,
            "`secret-tool lookup`", {"daypass": full, "secret-tool": found["secret-tool"]})
        self.rows.append(Row(
            "what the second 5 000 profiles add, against the first", "linear: ≤ 1.20 ×", f"{growth:.2f} ×",
            growth <= 1.2, figures))

    def memory(self):
        peak = timing.peak_memory(self.world, self.exec) / 1024
        self.rows.append(Row("peak memory, warm", "≤ 16 MiB", f"{peak:.1f} MiB", peak <= 16, {"MiB": peak}))

    def crowd_warm(self):
        world = self.world
        world.control("calls", "DELETE")
        timing.one_after_another(world, self.process, 10)
        one = timing.one_after_another(world, self.process, CALLERS) / CALLERS
        used, failures = timing.at_once(world, self.process, CALLERS)
        calls = len(world.calls())
        self.rows.append(Row(
            f"{CALLERS} `credential-process` at once, warm", f"0 AWS calls, 0 failures, CPU ≤ {CALLERS + 20} × one",
            f"{calls} AWS calls, {failures} failures, CPU {used / one:.0f} × one",
            calls == failures == 0 and used <= (CALLERS + 20) * one, {"one, CPU ms": 1000 * one, "all": 1000 * used}))

    def crowd_cold(self):
        world = self.world
        world.control("calls", "DELETE")
        prompts, failures, answers = crowd.cold(world, CALLERS)
        calls = sorted(world.calls())
        names = ", ".join(f"{calls.count(name)} {name}" for name in sorted(set(calls), reverse=True))
        self.rows.append(Row(
            f"{CALLERS} at once, cold, with MFA and a role",
            "1 prompt, 1 GetSessionToken, 1 AssumeRole, equal answers, 0 failures",
            f"{prompts} prompt, {names}, {answers} answer, {failures} failures",
            (prompts, failures, answers, calls) == (1, 0, 1, ["AssumeRole", "GetSessionToken"]), {}))

    def server(self):
        """The credential server, beside the HTTP server of Python's library with a file of the same size."""
        found = json.loads(self.world.output(sys.executable, server.__file__, self.world.daypass, "p0"))
        for name, measure, bar in (("first", "`serve`: first answer after the start", 0.50), ("warm", "one answer, warm", 1.00)):
            times = {program: found[f"{name} {program}"] for program in ("daypass", "python")}
            self.add(measure, times["daypass"] / times["python"], bar, "`python3 -m http.server`", times)
        self.rows.append(Row(
            "1 000 requests by 50 clients", "0 failures", f"{found['failures']} failures", found["failures"] == 0, found))
        self.rows.append(Row(
            "memory of the server, then", "≤ 20 MiB", f"{found['MiB']:.1f} MiB", found["MiB"] <= 20, {"MiB": found["MiB"]}))

    def stored(self):
        """Last, since keys and sessions stay.

        The sizes cannot take turns, so what the machine does to a program that has to do with neither is measured with each.
        """
        world, filled, pace = self.world, 1, {}
        for count in SIZES:
            world.env["AWS_CONFIG_FILE"] = f"{world.scratch}/home/.aws/config"
            self.fill(filled, count)
            filled, world.env["AWS_CONFIG_FILE"] = count, f"{world.scratch}/home/.aws/one"
            commands = {"exec": self.exec, "credential-process": self.process, "secret-tool": self.secret_tool}
            found = timing.times(world, commands | {"curl --version": ["curl", "--version"]})
            pace[count] = found.pop("curl --version")
            self.series["stored"][count] = found
        one, many = (
            {name: ms / pace[count] for name, ms in self.series["stored"][count].items()} for count in (SIZES[0], SIZES[-1]))
        for name in ("exec", "credential-process"):
            figures = {f"{count} stored": found[name] for count, found in self.series["stored"].items()}
            self.add(
                f"warm `{name}` with 500 sessions and keys", many[name] / one[name], 1.30,
                "with one, each against `curl --version`", figures)

    def others_on_path(self):
        """What other tools take for credentials they have at hand, each in its own fastest way."""
        credentials = f"{self.world.scratch}/home/.aws/credentials-of-others"
        with open(credentials, "w") as file:
            file.write(f"[p0]\naws_access_key_id = {BOB[0]}\naws_secret_access_key = {BOB[1]}\n")
        commands = {
            "aws configure export-credentials": ["aws", "configure", "export-credentials", "--profile", "p0"],
            # Version 1 of the AWS CLI has no export-credentials.
            "aws configure list": ["aws", "configure", "list", "--profile", "p0"],
            "awsumepy": ["awsumepy", "p0"],
            "aws-vault exec": self.vault("exec", "vault", "--", "/bin/true"),
        }
        for name, command in commands.items():
            self.others.append({"command": name} | self.other(command, credentials))

    def other(self, command, credentials):
        if not shutil.which(command[0]):
            return {"note": "not installed"}
        variables = {"AWS_SHARED_CREDENTIALS_FILE": credentials}
        try:
            found = timing.times(
                self.world, {"it": command, "secret-tool": self.secret_tool, "daypass": self.process}, runs=2, **variables)
        except Failure:
            return {"note": "does not run here"}
        return {"ms": found["it"], "of secret-tool": found["it"] / found["secret-tool"],
                "of daypass": found["it"] / found["daypass"]}
