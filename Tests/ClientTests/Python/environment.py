"""Prints the variables of AWS and daypass in its environment as JSON."""

import json
import os

print(json.dumps({name: value for name, value in os.environ.items() if name.startswith(("AWS", "DAYPASS_"))}))
