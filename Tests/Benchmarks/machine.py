"""What the figures came from."""

import datetime
import os
import platform
import subprocess


def facts(**more):
    return {
        "date": datetime.date.today().isoformat(), "processor": processor(), "cores": os.cpu_count(),
        "kernel": platform.release(), "system": system(),
        **{package: version(package) for package in
           ("libsecret-tools", "gnome-keyring", "dbus-daemon", "curl", "hyperfine")},
    } | more


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def system():
    with open("/etc/os-release") as file:
        fields = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
    return fields["PRETTY_NAME"].strip('"')


def version(package):
    result = subprocess.run(
        ["dpkg-query", "--showformat", "${Version}", "--show", package], capture_output=True, text=True, check=False)
    return result.stdout or "unknown"
