"""A world of its own for the benchmark: a session bus, an open GNOME keyring and an AWS on loopback, in a scratch folder.

Nothing of the user's is read or changed.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request

ALICE = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
BOB = ("AKIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
DEVICE = "arn:aws:iam::123456789012:mfa/alice"
ROLE = "arn:aws:iam::123456789012:role/ReadOnly"

FOLDER = os.path.dirname(os.path.realpath(__file__))

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""


class Failure(Exception):
    """A program that did not do what the benchmark needs."""


class World:
    """The programs and folders; as a context manager it ends and removes them."""

    def __init__(self, daypass, double):
        self.daypass, self.double = os.path.realpath(daypass), os.path.realpath(double)
        self.started = []

    def __enter__(self):
        self.scratch = tempfile.mkdtemp(prefix="daypass-bench.")
        for folder in ("home", "home/.aws", "run", "data"):
            os.mkdir(f"{self.scratch}/{folder}", 0o700)
        self.env = self.environment()
        try:
            self.start_bus()
            self.start_keyring()
            self.start_aws()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if "AWS_ENDPOINT_URL" in self.env:
            subprocess.run([self.daypass, "clear", "--all"], env=self.env, stderr=subprocess.DEVNULL, check=False)
        for process in reversed(self.started):
            process.kill()
            process.wait()
        shutil.rmtree(self.scratch)

    def environment(self):
        """Small, as a service's is: what a process costs grows with its environment."""
        return {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": f"{self.scratch}/home",
            "XDG_RUNTIME_DIR": f"{self.scratch}/run", "XDG_DATA_HOME": f"{self.scratch}/data",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.scratch}/run/bus",
        }

    def start(self, *command, text=None):
        pipe = subprocess.DEVNULL if text is None else subprocess.PIPE
        process = subprocess.Popen(
            command, env=self.env, stdin=pipe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.started.append(process)
        if text is not None:
            process.stdin.write(text.encode())
            process.stdin.close()

    def start_bus(self):
        config = f"{self.scratch}/bus.conf"
        with open(config, "w") as file:
            file.write(BUS.format(path=f"{self.scratch}/run/bus"))
        self.start("dbus-daemon", "--nofork", f"--config-file={config}")
        self.wait(lambda: os.path.exists(f"{self.scratch}/run/bus"), "the session bus")

    def start_keyring(self):
        self.start("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets", text="bench")
        locked = [
            "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets/collection/login", "org.freedesktop.DBus.Properties.Get",
            "string:org.freedesktop.Secret.Collection", "string:Locked"]
        self.wait(lambda: "boolean false" in self.output(*locked, check=False), "the keyring")

    def start_aws(self):
        address = f"{self.scratch}/aws"
        self.start(self.double, "--port-file", address)
        self.wait(lambda: os.path.exists(address) and os.path.getsize(address) > 0, "aws-double")
        with open(address) as file:
            self.env["AWS_ENDPOINT_URL"] = file.read().strip()

    def wait(self, is_ready, what):
        for _ in range(200):
            if is_ready():
                return
            time.sleep(0.05)
        raise Failure(f"gave up waiting for {what}")

    def output(self, *command, text=None, check=True, **variables):
        """What a program prints; throws `Failure` if it fails."""
        result = subprocess.run(
            command, env=self.env | variables, input=text, capture_output=True, text=True, check=False)
        if check and result.returncode != 0:
            raise Failure(f"{' '.join(command)} ended with {result.returncode}: {result.stderr}")
        return result.stdout

    def control(self, path, method="GET"):
        request = urllib.request.Request(f"{self.env['AWS_ENDPOINT_URL']}/_double/{path}", method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    def calls(self):
        """The names of the calls that AWS got since they were last forgotten."""
        return [call["action"] for call in json.loads(self.control("calls"))]

    def write_config(self, name, profiles):
        """A config file with so many profiles of about 100 bytes, `p0` and further; returns its path."""
        path = f"{self.scratch}/home/.aws/{name}"
        with open(path, "w") as file:
            file.write(f"[profile alice]\nmfa_serial = {DEVICE}\n\n[profile vault]\nregion = eu-west-1\n\n")
            file.write(f"[profile readonly]\nrole_arn = {ROLE}\nsource_profile = alice\nregion = eu-west-1\n")
            file.write("\n[sso-session corp]\nsso_start_url = https://d-abc123.awsapps.com/start\nsso_region = eu-west-1\n")
            file.write("\n[profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = ReadOnly\n")
            for number in range(profiles):
                file.write(f"\n[profile p{number}]\nregion = eu-west-1\noutput = json\n")
                file.write("# what this profile is for: a comment as people write them\n")
        return path

    def add_key(self, profile, key):
        self.output(self.daypass, "add", profile, "--stdin", "--no-verify", text="\n".join(key) + "\n")

    def sign_in(self):
        """To Identity Center, with a browser where somebody approves."""
        self.output(self.daypass, "login", "--sso-session", "corp", DAYPASS_BROWSER=f"{FOLDER}/browser")

    def add_session(self, profile):
        self.output(self.daypass, "credential-process", profile)
