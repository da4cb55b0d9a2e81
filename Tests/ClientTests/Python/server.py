"""Says where boto3 finds credentials, and what AWS answers to them.

Usage: server.py [renewed]

With `renewed` it goes on asking until it has other credentials than at first.
"""

import sys
import time

import boto3

session = boto3.Session()
credentials = session.get_credentials()
first = last = credentials.get_frozen_credentials().access_key
end = time.monotonic() + 60
while "renewed" in sys.argv and last == first and time.monotonic() < end:
    last = credentials.get_frozen_credentials().access_key
renewed = str(last != first).lower()
print(credentials.method, f"renewed={renewed}", session.client("sts").get_caller_identity()["Arn"])
