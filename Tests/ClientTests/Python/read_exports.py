"""Prints as JSON, in hexadecimal, the secrets that readers of exports found in them.

Usage: read_exports.py json|jq|env|ini FILE

json and jq: a document a line. env: a file a section, ended by NUL, read by docker and by python-dotenv. ini: the
sections p0, p1 ... of a credentials file, read by botocore.
"""

import io
import json
import subprocess
import sys

from botocore.configloader import raw_config_parse
from docker.utils import parse_env_file
from dotenv import dotenv_values

NAMES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"]
PROPERTIES = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "region"]
MEMBERS = ["AccessKeyId", "SecretAccessKey", "SessionToken"]


def once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError(f"twice: {names}")
    return dict(pairs)


def refuse(constant):
    raise ValueError(constant)


def lines(path):
    with open(path, "rb") as file:
        return file.read().removesuffix(b"\n").split(b"\n")


def from_json(path):
    for line in lines(path):
        document = json.loads(line.decode("utf-8"), object_pairs_hook=once, parse_constant=refuse, strict=True)
        yield [document[name] for name in MEMBERS]


def from_jq(path):
    members = ", ".join("." + name for name in MEMBERS)
    run = subprocess.run(["jq", "-c", f"[{members}]", path], check=True, capture_output=True)
    for line in run.stdout.splitlines():
        yield json.loads(line)


def from_env(path):
    with open(path, "rb") as file:
        documents = file.read().split(b"\0")[:-1]
    for document in documents:
        with open(path + ".one", "wb") as file:
            file.write(document)
        docker = parse_env_file(path + ".one")
        dotenv = dotenv_values(stream=io.StringIO(document.decode("utf-8")), interpolate=True)
        yield [values[name] for values in (docker, dotenv) for name in NAMES]


def from_ini(path):
    sections = raw_config_parse(path, parse_subsections=False)
    for number in range(len(sections)):
        yield [sections[f"p{number}"][name] for name in PROPERTIES]


readers = {"json": from_json, "jq": from_jq, "env": from_env, "ini": from_ini}
found = [[value.encode("utf-8", "surrogatepass").hex() for value in one] for one in readers[sys.argv[1]](sys.argv[2])]
print(json.dumps(found))
