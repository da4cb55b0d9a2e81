"""A command of `daypass exec --server`, which says as JSON how fast its server answers."""

import concurrent.futures
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

REQUESTS, CLIENTS = 1_000, 50


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


def of_python(size):
    """The same for a file of `size` bytes, served by Python: the first after its start, and one of the next."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/file", "w") as file:
            file.write("x" * size)
        code = ("import functools as f, http.server as h; s = h.ThreadingHTTPServer(('127.0.0.1', 0), "
                f"f.partial(h.SimpleHTTPRequestHandler, directory={folder!r})); "
                "print(s.server_port, flush=True); s.serve_forever()")
        start = time.perf_counter()
        with subprocess.Popen(
                [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            host = f"127.0.0.1:{process.stdout.readline().strip()}"
            ask(host, "/file", {})
            first = 1000 * (time.perf_counter() - start)
            warm = statistics.median(ask(host, "/file", {})[0] for _ in range(200))
            process.kill()
        return first, warm


def started(process):
    """Seconds since the machine's start when the process began (proc_pid_stat(5))."""
    with open(f"/proc/{process}/stat") as file:
        return int(file.read().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")


def main():
    uri = urllib.parse.urlsplit(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    headers = {"Authorization": os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]}
    ask(uri.netloc, uri.path, headers)
    first = 1000 * (time.clock_gettime(time.CLOCK_BOOTTIME) - started(os.getppid()))
    warm = statistics.median(ask(uri.netloc, uri.path, headers)[0] for _ in range(200))
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(lambda _: ask(uri.netloc, uri.path, headers)[1], range(REQUESTS)))
    with open(f"/proc/{os.getppid()}/status") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))
    python_first, python_warm = of_python(600)
    print(json.dumps({
        "first": first, "python_first": python_first, "warm": warm, "python": python_warm,
        "failures": answers.count(False), "MiB": peak / 1024}))


if __name__ == "__main__":
    main()
