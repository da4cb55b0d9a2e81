"""A session bus that keeps one message back: a socket before the real one, which passes everything on until a client
calls MEMBER for the COUNT-th time, and that call, and what follows it, only after SIGUSR1.

usage: held-bus.py BUS-SOCKET OWN-SOCKET MEMBER COUNT

Says on standard output, a line each: `ready`, `held`, `released`.
"""

import signal
import socket
import sys
import threading

released = threading.Event()


def say(word):
    print(word, flush=True)


def release():
    signal.sigwait({signal.SIGUSR1})
    released.set()


def pump(source, sink, passes):
    try:
        while data := source.recv(65536):
            passes(data, sink)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def main(bus, own, member, count):
    left = [int(count)]

    def hold(data, sink):
        is_call = member.encode() + b"\0" in data
        left[0] -= is_call
        if is_call and left[0] == 0:
            say("held")
            released.wait()
            sink.sendall(data)
            say("released")
        else:
            sink.sendall(data)

    # Waited for in a thread: a handler would run only when this one is awake.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    threading.Thread(target=release, daemon=True).start()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(own)
    listener.listen(8)
    say("ready")
    while True:
        client, _ = listener.accept()
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(bus)
        except OSError:
            client.close()
            continue
        threading.Thread(target=pump, args=(client, server, hold), daemon=True).start()
        threading.Thread(target=pump, args=(server, client, lambda data, sink: sink.sendall(data)), daemon=True).start()


main(*sys.argv[1:])
