"""Says as JSON how often boto3 has started a profile's credential_process after each use of its credentials.

Usage: refresh.py PROFILE LOG LEFT...

LOG is the file to which the process adds a line at each start. LEFT is how many seconds of life the SDK's clock shows
the credentials to have left at a use; `real` leaves the clock alone.
"""

import datetime
import json
import sys

import boto3


def starts(log):
    with open(log) as lines:
        return len(lines.readlines())


def main(profile, log, *uses):
    credentials = boto3.Session(profile_name=profile).get_credentials()
    clock = credentials._time_fetcher
    counts = []
    for left in uses:
        fixed = None if left == "real" else credentials._expiry_time - datetime.timedelta(seconds=int(left))
        credentials._time_fetcher = clock if fixed is None else lambda: fixed
        credentials.get_frozen_credentials()
        counts.append(starts(log))
    print(json.dumps(counts))


main(*sys.argv[1:])
