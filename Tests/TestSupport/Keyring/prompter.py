"""Stands in for GNOME's password dialog (gcr-prompter) on the session bus.

usage: prompter.py never | dismiss | answer PASSWORD

On SIGUSR1 the person becomes one who dismisses every dialog, those that are open first; on SIGUSR2 one who answers; on
SIGHUP one who never does. Says on standard output, a line each: `ready`, `asked` for every dialog, `stopped` when the
keyring takes one away, and what the person became.
"""

import signal
import sys

import gi

gi.require_version("Gcr", "3")
from gi.repository import Gcr, Gio, GLib

NAME = "org.gnome.keyring.SystemPrompter"
PATH = "/org/gnome/keyring/Prompter"
CALLBACK = "org.gnome.keyring.internal.Prompter.Callback"
INTERFACE = """
<node><interface name="org.gnome.keyring.internal.Prompter">
  <method name="BeginPrompting"><arg name="callback" type="o"/></method>
  <method name="PerformPrompt">
    <arg name="callback" type="o"/><arg name="type" type="s"/><arg name="properties" type="a{sv}"/>
    <arg name="exchange" type="s"/>
  </method>
  <method name="StopPrompting"><arg name="callback" type="o"/></method>
</interface></node>
"""


def say(word):
    print(word, flush=True)


class Person:
    def __init__(self, bus, behaviour, password=""):
        self.bus, self.behaviour, self.password = bus, behaviour, password
        # By the object path that hears of the answer: the key exchange, and the dialog where one is open.
        self.exchanges, self.open = {}, {}

    def called(self, bus, keyring, path, interface, method, arguments, invocation):
        invocation.return_value(None)
        arguments = arguments.unpack()
        if method == "BeginPrompting":
            # An empty answer asks what to show.
            self.exchanges[arguments[0]] = exchange = Gcr.SecretExchange.new(None)
            self.ready(keyring, arguments[0], "", exchange.begin())
        elif method == "PerformPrompt":
            say("asked")
            callback, kind, _, exchange = arguments
            self.exchanges[callback].receive(exchange)
            self.open[callback] = (keyring, kind)
            self.act()
        else:
            say("stopped")
            self.open.pop(arguments[0], None)

    def act(self):
        """Does with the open dialogs what this person does."""
        if self.behaviour == "never":
            return True
        for callback, (keyring, kind) in list(self.open.items()):
            del self.open[callback]
            if self.behaviour == "dismiss" or kind != "password":
                self.ready(keyring, callback, "no")
            else:
                self.ready(keyring, callback, "yes", self.exchanges[callback].send(self.password, -1))
        return True

    def change(self, behaviour):
        self.behaviour = behaviour
        say(behaviour)
        return self.act()

    def ready(self, keyring, callback, answer, exchange=""):
        arguments = GLib.Variant("(sa{sv}s)", (answer, {}, exchange))
        self.bus.call(keyring, callback, CALLBACK, "PromptReady", arguments, None, Gio.DBusCallFlags.NONE, -1, None, None)


def main(behaviour):
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    person = Person(bus, *behaviour)
    bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0], person.called, None, None)
    for number, behaviour in (signal.SIGUSR1, "dismiss"), (signal.SIGUSR2, "answer"), (signal.SIGHUP, "never"):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, person.change, behaviour)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: say("ready"), None)
    GLib.MainLoop().run()


main(sys.argv[1:])
