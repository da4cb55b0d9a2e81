"""Makes a collection with a password, if there is none of this name, and items in it, as programs do that keep keys with
99designs/keyring.

usage: collection.py NAME PASSWORD, with [{"attributes": {…}, "secret": "…"}, …] on standard input
"""

import json
import sys

from gi.repository import Gio, GLib

ROOT = "/org/freedesktop/secrets"
bus = Gio.bus_get_sync(Gio.BusType.SESSION)


def call(path, method, arguments):
    interface, name = method.rsplit(".", 1)
    answer = bus.call_sync(
        "org.freedesktop.secrets", path, interface, name, arguments, None, Gio.DBusCallFlags.NONE, 30_000)
    return answer.unpack()


def secret(text, content):
    return (session, b"", text.encode(), content)


def make(name, password):
    properties = {"org.freedesktop.Secret.Collection.Label": GLib.Variant("s", name)}
    arguments = GLib.Variant("(a{sv}(oayays))", (properties, secret(password, "text/plain")))
    method = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface.CreateWithMasterPassword"
    return call(ROOT, method, arguments)[0]


plain = GLib.Variant("(sv)", ("plain", GLib.Variant("s", "")))
session = call(ROOT, "org.freedesktop.Secret.Service.OpenSession", plain)[1]
name, password = sys.argv[1:]
known = GLib.Variant("(ss)", ("org.freedesktop.Secret.Service", "Collections"))
paths = call(ROOT, "org.freedesktop.DBus.Properties.Get", known)[0]
found = [path for path in paths if path.endswith("/" + name.replace("-", "_2d"))]
path = found[0] if found else make(name, password)
for item in json.load(sys.stdin):
    properties = {
        "org.freedesktop.Secret.Item.Label": GLib.Variant("s", item["attributes"]["profile"]),
        "org.freedesktop.Secret.Item.Attributes": GLib.Variant("a{ss}", item["attributes"]),
    }
    value = secret(item["secret"], "application/json")
    call(path, "org.freedesktop.Secret.Collection.CreateItem", GLib.Variant("(a{sv}(oayays)b)", (properties, value, False)))
print(path)
