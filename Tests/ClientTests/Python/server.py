"""Says as JSON what boto3 gets from a credential server, and what AWS answers to it.

Usage: server.py [renewed]

With `renewed` it goes on asking until the server has other credentials.
"""

import json
import sys
import time

import boto3

session = boto3.Session()
credentials = session.get_credentials()
first = last = credentials.get_frozen_credentials().access_key
end = time.monotonic() + 60
while "renewed" in sys.argv and last == first and time.monotonic() < end:
    last = credentials.get_frozen_credentials().access_key
print(json.dumps({
    "source": credentials.method, "isRenewed": last != first,
    "arn": session.client("sts").get_caller_identity()["Arn"],
}))
