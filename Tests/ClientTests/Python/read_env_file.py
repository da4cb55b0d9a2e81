"""Prints as JSON what readers of env files make of one: docker's own reader, and python-dotenv.

Usage: read_env_file.py FILE
"""

import json
import sys

from docker.utils import parse_env_file
from dotenv import dotenv_values

print(json.dumps({"docker": parse_env_file(sys.argv[1]), "dotenv": dict(dotenv_values(sys.argv[1]))}))
