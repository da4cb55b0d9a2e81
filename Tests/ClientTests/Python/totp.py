"""Makes the codes of virtual MFA devices (RFC 6238) and reads base32 (RFC 4648): JSON lines in, JSON lines out.

Usage: totp.py FILE

{"seed": base32, "seconds": since 1970} becomes {"key": hexadecimal digits, "code": six digits}, or {} where the seed is
not base32 with at least a byte in it.
"""

import base64
import binascii
import hashlib
import hmac
import json
import struct
import sys


def answer(case):
    text = case["seed"]
    if "=" not in text:
        text += "=" * (-len(text) % 8)
    try:
        key = base64.b32decode(text, casefold=True)
    except (binascii.Error, ValueError):
        return {}
    if not key:
        return {}
    counter = struct.pack(">Q", case["seconds"] // 30)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF
    return {"key": key.hex(), "code": "%06d" % (number % 1000000)}


with open(sys.argv[1]) as cases:
    for case in cases:
        print(json.dumps(answer(json.loads(case))))
