"""Tries, as the same user, to get at a process: prints the ways that succeed, a line each.

Usage: intruder.py PID
"""

import ctypes
import os
import subprocess
import sys

target = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def reads(name):
    try:
        with open(f"/proc/{target}/{name}", "rb") as file:
            file.read(1)
        return True
    except OSError:
        return False


def memory():
    """Opening is what the kernel checks; address 0 cannot be read of anybody."""
    try:
        os.close(os.open(f"/proc/{target}/mem", os.O_RDWR))
        return True
    except OSError:
        return False


def vector_reads():
    buffer = ctypes.create_string_buffer(8)
    local = Vector(ctypes.addressof(buffer), 8)
    # An address that is not there is EFAULT to those who may read.
    remote = Vector(8, 8)
    count = libc.process_vm_readv(target, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
    return count >= 0 or ctypes.get_errno() != 1


def attaches():
    attach, detach = 16, 17
    if libc.ptrace(attach, target, 0, 0) != 0:
        return False
    os.waitpid(target, 0x40000000)
    libc.ptrace(detach, target, 0, 0)
    return True


def runs(*command):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=5)
        return done.returncode == 0 and b"ptrace" not in done.stdout + done.stderr
    except FileNotFoundError:
        return False
    except subprocess.TimeoutExpired:
        return True


ways = {
    "environ": lambda: reads("environ"),
    "maps": lambda: reads("maps"),
    "mem": memory,
    "fd": lambda: bool(os.access(f"/proc/{target}/fd", os.R_OK) and reads("fdinfo/0")),
    "process_vm_readv": vector_reads,
    "ptrace": attaches,
    "gdb": lambda: runs("gdb", "-batch", "-nx", "-p", str(target), "-ex", "info registers"),
}
for name, way in ways.items():
    if way():
        print(name)
