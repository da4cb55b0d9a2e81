"""Signs requests as botocore does: JSON lines in, JSON lines out.

Usage: sign.py FILE
"""

import base64
import json
import sys

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def sign(case):
    credentials = Credentials(case["keyID"], case["secret"], case.get("token"))
    kind = S3SigV4Auth if case["service"] == "s3" else SigV4Auth
    auth = kind(credentials, case["service"], case["region"])
    request = AWSRequest(method=case["method"], url=case["url"], data=base64.b64decode(case["body"]))
    for header in case["headers"]:
        request.headers.add_header(header["name"], header["value"])
    # The steps of add_auth, with a given time in place of now.
    request.context["timestamp"] = case["timestamp"]
    auth._modify_request_before_signing(request)
    canonical = auth.canonical_request(request)
    signature = auth.signature(auth.string_to_sign(request, canonical), request)
    auth._inject_signature_to_request(request, signature)
    return {"canonical": canonical, "authorization": request.headers["Authorization"]}


with open(sys.argv[1]) as cases:
    for case in cases:
        print(json.dumps(sign(json.loads(case))))
