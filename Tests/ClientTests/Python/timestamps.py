"""Writes moments, and reads civil times, as Python's datetime does: JSON lines in, JSON lines out.

Usage: timestamps.py write|read FILE

write: {"seconds", "fraction64", "zoneMinutes"} becomes the texts of that moment.
read: {"year", "month", "day", "hour", "minute", "second"} becomes seconds since 1970, or null where there is no such time.
"""

import datetime
import email.utils
import json
import sys

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def write(case):
    # Fractions are 64ths of a second: 15625 microseconds each, and exact in binary.
    moment = EPOCH + datetime.timedelta(seconds=case["seconds"], microseconds=case["fraction64"] * 15625)
    zone = datetime.timezone(datetime.timedelta(minutes=case["zoneMinutes"]))
    texts = {
        "seconds": moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "microseconds": moment.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "compact": "%04d" % moment.year + moment.strftime("%m%dT%H%M%SZ"),
        "http": email.utils.format_datetime(moment, usegmt=True),
    }
    try:
        texts["zoned"] = moment.astimezone(zone).isoformat(timespec="microseconds")
    except OverflowError:
        pass  # the local year is outside 1 to 9999
    return texts


def read(case):
    try:
        moment = datetime.datetime(**case, tzinfo=datetime.timezone.utc)
    except ValueError:
        return None
    return (moment - EPOCH) // datetime.timedelta(seconds=1)


step = {"write": write, "read": read}[sys.argv[1]]
with open(sys.argv[2]) as cases:
    for case in cases:
        print(json.dumps(step(json.loads(case))))
