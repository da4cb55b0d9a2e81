"""Measures the credential server: how fast it answers, and what it needs.

Usage: server.py DAYPASS PROFILE

Says it as JSON, beside the HTTP server of Python's library with a file of the same size.
"""

import concurrent.futures
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

STARTS, REQUESTS, CLIENTS = 15, 1_000, 50


def ask(host, path, headers):
    """Milliseconds for one answer, and whether it is one."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return 1000 * (time.perf_counter() - start), answer.status == 200
    except OSError:
        return 0, False
    finally:
        connection.close()


class Server:
    """A server that was started, and has given its first answer after `first` milliseconds."""

    def __init__(self, command, place):
        """`place` makes host, path and headers of the first line that the command prints."""
        start = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.place = place(self.process.stdout.readline())
        is_good = ask(*self.place)[1]
        self.first = 1000 * (time.perf_counter() - start)
        if not is_good:
            sys.exit(f"{command} gave no good answer")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def warm(self):
        return statistics.median(ask(*self.place)[0] for _ in range(200))

    def failures(self):
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
            return list(clients.map(lambda _: ask(*self.place)[1], range(REQUESTS))).count(False)

    def peak_memory(self):
        """MiB."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) / 1024


def served(line):
    variables = json.loads(line)
    uri = urllib.parse.urlsplit(variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    return uri.netloc, uri.path, {"Authorization": variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"]}


def of_python(folder):
    return ("import functools as f, http.server as h; s = h.ThreadingHTTPServer(('127.0.0.1', 0), "
            f"f.partial(h.SimpleHTTPRequestHandler, directory={folder!r})); "
            "print(s.server_port, flush=True); s.serve_forever()")


def main(daypass, profile):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/file", "w") as file:
            file.write("x" * 600)
        commands = {
            "daypass": ([daypass, "serve", "--format", "json", profile], served),
            "python": ([sys.executable, "-c", of_python(folder)], lambda line: (f"127.0.0.1:{line.strip()}", "/file", {})),
        }
        first = {name: [] for name in commands}
        for _ in range(STARTS):
            for name, command in commands.items():
                with Server(*command) as server:
                    first[name].append(server.first)
        found = {f"first {name}": statistics.median(times) for name, times in first.items()}
        for name, command in commands.items():
            with Server(*command) as server:
                found[f"warm {name}"] = server.warm()
                if name == "daypass":
                    found["failures"], found["MiB"] = server.failures(), server.peak_memory()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
