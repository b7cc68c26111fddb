"""JSON from a REST interface: ``python rest_json.py [URL]``.

It teaches ``urllib.request`` and ``json.load``, and which errors to expect. Start
``jitterball serve`` first. It leaves out writing: this interface is for reading only.
"""

import json
import sys
import urllib.error
import urllib.request

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7780/api/server"

try:
    with urllib.request.urlopen(URL, timeout=10) as response:
        value = json.load(response)
except urllib.error.HTTPError as error:
    # The server has answered, with a status that says no. This class is an ``OSError`` too.
    sys.exit(f"status {error.code} {error.reason}")
except OSError as error:
    sys.exit(f"no answer from {URL}: {error}")
except ValueError as error:
    sys.exit(f"the answer is no JSON: {error}")
for name, field in value.items():
    print(f"{name}: {field}")
