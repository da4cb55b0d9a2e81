"""Prints the AWS variables of its environment as JSON."""

import json
import os

print(json.dumps({name: value for name, value in os.environ.items() if name.startswith("AWS_")}))
