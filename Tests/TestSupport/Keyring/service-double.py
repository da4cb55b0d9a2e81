"""A Secret Service that does what the real one never does.

usage: service-double.py BEHAVIOUR [METHOD | BYTES | FILE]

  plain              offers no encrypted session
  wrong-type METHOD  answers METHOD with a number
  error METHOD       answers METHOD with an error whose words would clear the screen
  huge BYTES         has a secret of that size
  slow               has twelve items, and takes 0.3 s to tell the attributes of each
  vanishing          finds an item, and knows nothing of it when it is asked for its secret
  never              is locked, and its prompt is never completed
  twice              is locked, and completes its prompt twice, as accepted and as dismissed
  by-item            has an item that is locked for itself, until its prompt is accepted
  sessionless FILE   has no session collection, as KWallet has none, and an item whose secret is in FILE
  zero-cut FILE      is like that, and cuts a byte off what the key of its first session is made of
  late FILE          is like `sessionless`, and at first answers that it has no default collection either
  forgetful          takes what it is given, and has nothing afterwards
  lying              is locked, and stays so after a prompt that was accepted

Says on standard output, a line each: `ready`, and the name of every method of the service that is called.
"""

import hashlib
import hmac
import os
import subprocess
import sys
import time

from gi.repository import Gio, GLib

SERVICE = "/org/freedesktop/secrets"
COLLECTION = SERVICE + "/collection/login"
ITEM = COLLECTION + "/1"
MORE_ITEMS = [f"{COLLECTION}/{number}" for number in range(2, 13)]
PROMPT = SERVICE + "/prompt/p1"
SESSION = SERVICE + "/session/s1"
METHODS = {
    "Service": {"OpenSession": ("sv", "vo"), "ReadAlias": ("s", "o"), "SearchItems": (["a{ss}"], ["ao", "ao"]),
                "Unlock": (["ao"], ["ao", "o"]), "GetSecrets": (["ao", "o"], ["a{o(oayays)}"])},
    "Collection": {"CreateItem": (["a{sv}", "(oayays)", "b"], ["o", "o"])},
    "Item": {"Delete": ("", "o")},
    "Prompt": {"Prompt": ("s", ""), "Dismiss": ("", "")},
    "Session": {"Close": ("", "")},
}
PROPERTIES = {
    "Service": {"Collections": "ao"},
    "Collection": {"Items": "ao", "Label": "s", "Locked": "b", "Created": "t", "Modified": "t"},
    "Item": {"Attributes": "a{ss}", "Label": "s", "Locked": "b", "Created": "t", "Modified": "t"},
}
OBJECTS = {SERVICE: "Service", COLLECTION: "Collection", ITEM: "Item", PROMPT: "Prompt", SESSION: "Session"}
ATTRIBUTES = {"xdg:schema": "io.github.daypass.LongTermKey", "version": "1", "kind": "key", "profile": "alice"}
# RFC 2409, the second Oakley group, which dh-ietf1024-sha256-aes128-cbc-pkcs7 names.
PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF", 16)


def description(kind, odd_method):
    methods = ""
    for name, (taken, given) in METHODS[kind].items():
        given = ["i"] if name == odd_method else given
        arguments = "".join(f'<arg type="{type}" direction="in"/>' for type in taken)
        arguments += "".join(f'<arg type="{type}" direction="out"/>' for type in given)
        methods += f'<method name="{name}">{arguments}</method>'
    for name, type in PROPERTIES.get(kind, {}).items():
        methods += f'<property name="{name}" type="{type}" access="read"/>'
    if kind == "Prompt":
        methods += '<signal name="Completed"><arg type="b"/><arg type="v"/></signal>'
    xml = f'<node><interface name="org.freedesktop.Secret.{kind}">{methods}</interface></node>'
    return Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0]


def openssl(key, nonce, text, *options):
    command = ["openssl", "enc", "-aes-128-cbc", "-K", key.hex(), "-iv", nonce.hex(), *options]
    return subprocess.run(command, input=text, capture_output=True, check=False)


class SecretService:
    def __init__(self, bus, behaviour, method=None):
        self.bus, self.behaviour, self.method = bus, behaviour, method
        self.is_locked = behaviour in ("never", "twice", "lying", "by-item")
        self.key, self.their_key = b"", b""
        odd = method if behaviour == "wrong-type" else None
        self.items = [ITEM] + (MORE_ITEMS if behaviour == "slow" else [])
        for path, kind in (OBJECTS | dict.fromkeys(self.items, "Item")).items():
            bus.register_object(path, description(kind, odd), self.called, self.read, None)

    def read(self, bus, client, path, interface, name):
        if self.behaviour == "slow" and name == "Attributes":
            time.sleep(0.3)
        return {
            "Collections": GLib.Variant("ao", [COLLECTION]), "Items": GLib.Variant("ao", self.items),
            "Label": GLib.Variant("s", "Login"), "Locked": GLib.Variant("b", self.locks(path)),
            "Created": GLib.Variant("t", 1), "Modified": GLib.Variant("t", 1),
            "Attributes": GLib.Variant("a{ss}", ATTRIBUTES),
        }[name]

    def locks(self, path):
        return self.is_locked and (path == ITEM or self.behaviour != "by-item")

    def called(self, bus, client, path, interface, method, arguments, invocation):
        print(method, flush=True)
        if self.behaviour == "wrong-type" and method == self.method:
            invocation.return_value(GLib.Variant("(i)", (7,)))
        elif self.behaviour == "error" and method == self.method:
            invocation.return_dbus_error("org.example.Odd", "\x1b[2J\x1b]0;owned\x07no")
        else:
            getattr(self, method)(arguments.unpack(), invocation)

    def OpenSession(self, arguments, invocation):
        algorithm, theirs = arguments
        if algorithm == "plain":
            answer = GLib.Variant("s", "")
        elif self.behaviour == "plain":
            return invocation.return_dbus_error("org.freedesktop.DBus.Error.NotSupported", "only plain")
        else:
            private = int.from_bytes(os.urandom(96), "big")
            shared = pow(int.from_bytes(bytes(theirs), "big"), private, PRIME).to_bytes(128, "big")
            is_cut = self.behaviour == "zero-cut" and not self.key
            self.their_key = self.derived(shared)
            self.key = self.derived(shared[1:] if is_cut else shared)
            answer = GLib.Variant("ay", pow(2, private, PRIME).to_bytes(128, "big"))
        invocation.return_value(GLib.Variant("(vo)", (answer, SESSION)))

    @staticmethod
    def derived(shared):
        extracted = hmac.new(bytes(32), shared, hashlib.sha256).digest()
        return hmac.new(extracted, b"\x01", hashlib.sha256).digest()[:16]

    def ReadAlias(self, arguments, invocation):
        is_missing = self.behaviour in ("sessionless", "zero-cut") and arguments == ("session",)
        if self.behaviour == "late":
            self.behaviour, is_missing = "sessionless", True
        invocation.return_value(GLib.Variant("(o)", ("/" if is_missing else COLLECTION,)))

    def SearchItems(self, arguments, invocation):
        found = self.items if arguments[0].get("kind") == "key" and self.behaviour != "forgetful" else []
        lists = ([], found) if self.is_locked else (found, [])
        invocation.return_value(GLib.Variant("(aoao)", lists))

    def Unlock(self, arguments, invocation):
        paths = arguments[0]
        answer = ([], PROMPT) if any(map(self.locks, paths)) else (paths, "/")
        invocation.return_value(GLib.Variant("(aoo)", answer))

    def CreateItem(self, arguments, invocation):
        invocation.return_value(GLib.Variant("(oo)", (ITEM, "/")))

    def Delete(self, arguments, invocation):
        invocation.return_value(GLib.Variant("(o)", ("/",)))

    def Close(self, arguments, invocation):
        invocation.return_value(None)

    def GetSecrets(self, arguments, invocation):
        if self.behaviour == "vanishing":
            return invocation.return_dbus_error("org.freedesktop.Secret.Error.NoSuchObject", "it is gone")
        clear = b"x" * (int(self.method) if self.behaviour == "huge" else 40)
        if self.behaviour in ("sessionless", "zero-cut"):
            clear = open(self.method, "rb").read()
        nonce = os.urandom(16)
        cipher = openssl(self.key, nonce, clear).stdout if self.key else clear
        # One in 256 seems whole to who has another key.
        while self.key != self.their_key and openssl(self.their_key, nonce, cipher, "-d").returncode == 0:
            nonce = os.urandom(16)
            cipher = openssl(self.key, nonce, clear).stdout
        secret = GLib.Variant.new_tuple(
            GLib.Variant("o", SESSION), GLib.Variant("ay", nonce if self.key else b""),
            GLib.Variant.new_from_bytes(GLib.VariantType("ay"), GLib.Bytes.new(cipher), True),
            GLib.Variant("s", "text/plain"))
        entry = GLib.Variant.new_dict_entry(GLib.Variant("o", ITEM), secret)
        secrets = GLib.Variant.new_array(GLib.VariantType("{o(oayays)}"), [entry])
        invocation.return_value(GLib.Variant.new_tuple(secrets))

    def Prompt(self, arguments, invocation):
        invocation.return_value(None)
        if self.behaviour in ("twice", "by-item"):
            self.is_locked = False
        ends = {"never": [], "twice": [False, True], "lying": [False], "by-item": [False]}
        for was_dismissed in ends[self.behaviour]:
            values = GLib.Variant("(bv)", (was_dismissed, GLib.Variant("ao", [])))
            self.bus.emit_signal(None, PROMPT, "org.freedesktop.Secret.Prompt", "Completed", values)

    def Dismiss(self, arguments, invocation):
        invocation.return_value(None)


def main(arguments):
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    SecretService(bus, *arguments)
    Gio.bus_own_name_on_connection(
        bus, "org.freedesktop.secrets", Gio.BusNameOwnerFlags.NONE, lambda *_: print("ready", flush=True), None)
    GLib.MainLoop().run()


main(sys.argv[1:])
