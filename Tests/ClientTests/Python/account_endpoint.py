"""Says as JSON what boto3 makes of an account id: the id, and the host that a client which requires one would ask.

Usage: account_endpoint.py PROFILE
"""

import json
import sys
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config

session = boto3.Session(profile_name=sys.argv[1])
config = Config(account_id_endpoint_mode="required", ignore_configured_endpoint_urls=True, region_name="eu-west-1")
client = session.client("dynamodb", config=config)
hosts = []


class Body:
    """An answer without a network."""

    def stream(self, **_):
        yield b'{"TableNames": []}'


def answer(request, **_):
    hosts.append(urlsplit(request.url).hostname)
    return AWSResponse(request.url, 200, {}, Body())


client.meta.events.register("before-send", answer)
client.list_tables()
print(json.dumps({"account": session.get_credentials().account_id, "host": hosts[0]}))
