"""Says as JSON what boto3 makes of its surroundings: where its credentials come from, and what AWS answers to them.

Usage: caller.py [PROFILE]
"""

import json
import sys

import boto3

session = boto3.Session(profile_name=sys.argv[1] if len(sys.argv) > 1 else None)
credentials = session.get_credentials()
print(json.dumps({
    "source": credentials.method,
    "keyID": credentials.get_frozen_credentials().access_key,
    "arn": session.client("sts").get_caller_identity()["Arn"],
    "buckets": [bucket["Name"] for bucket in session.client("s3").list_buckets()["Buckets"]],
}))
