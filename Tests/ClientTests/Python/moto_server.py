"""moto as a judge: an AWS on loopback that checks every signature and policy.

Usage: moto_server.py FILE

Makes an account, then has authentication enforced, then writes FILE: as JSON, where it answers and whose keys are good.
Ends when the process that started it does.
"""

import json
import logging
import os
import sys
import time
import urllib.request

import boto3
from moto.server import ThreadedMotoServer

REGION = "us-east-1"


def allow(actions, **more):
    return json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": actions} | (more or {"Resource": "*"})],
    })


def make_account(url):
    made_up = {"aws_access_key_id": "AKIAMADEUPSETUPKEY00", "aws_secret_access_key": "made-up"}
    session = boto3.Session(region_name=REGION, **made_up)
    iam, s3 = session.client("iam", endpoint_url=url), session.client("s3", endpoint_url=url)
    alice = iam.create_user(UserName="alice")["User"]
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    actions = ["sts:*", "iam:GetUser", "iam:ListMFADevices", "s3:ListAllMyBuckets", "s3:ListBuckets"]
    iam.put_user_policy(UserName="alice", PolicyName="work", PolicyDocument=allow(actions))
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="alice")["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(
        UserName="alice", SerialNumber=device, AuthenticationCode1="123456", AuthenticationCode2="654321")
    trust = allow("sts:AssumeRole", Principal={"AWS": alice["Arn"]})
    role = iam.create_role(RoleName="Reader", AssumeRolePolicyDocument=trust, MaxSessionDuration=14400)["Role"]
    iam.put_role_policy(
        RoleName="Reader", PolicyName="read",
        PolicyDocument=allow(["sts:GetCallerIdentity", "s3:ListAllMyBuckets", "s3:ListBuckets"]))
    idler = iam.create_role(RoleName="Idler", AssumeRolePolicyDocument=trust)["Role"]
    iam.create_user(UserName="admin")
    iam.put_user_policy(UserName="admin", PolicyName="work", PolicyDocument=allow(["iam:*"]))
    admin = iam.create_access_key(UserName="admin")["AccessKey"]
    for name in ["backups", "logs", "website"]:
        s3.create_bucket(Bucket=name)
    return {
        "url": url, "user": alice["Arn"], "keyID": key["AccessKeyId"], "secret": key["SecretAccessKey"],
        "device": device, "role": role["Arn"], "powerlessRole": idler["Arn"],
        "adminKeyID": admin["AccessKeyId"], "adminSecret": admin["SecretAccessKey"],
    }


def enforce_authentication(url):
    # How many calls may pass unchecked from now on: none.
    plain = {"Content-Type": "text/plain"}
    urllib.request.urlopen(urllib.request.Request(url + "/moto-api/reset-auth", b"0", plain)).close()


def main(file):
    parent = os.getppid()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://127.0.0.1:%d" % server.get_host_and_port()[1]
    account = make_account(url)
    enforce_authentication(url)
    with open(file + ".part", "w") as part:
        json.dump(account, part)
    os.rename(file + ".part", file)
    while os.getppid() == parent:
        time.sleep(0.5)


main(sys.argv[1])
