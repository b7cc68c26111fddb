"""An HTTP server that tells its uptime as JSON: ``python http_server.py [PORT]``.

It teaches ``http.server`` with a thread for each request. It leaves out TLS and limits: the
library itself says that it is no server for the Internet.
"""

import json
import sys
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
STARTED_AT = time.monotonic()


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    def do_GET(self):
        """Answer ``/uptime``, and 404 for every other path."""
        if self.path != "/uptime":
            self.send_error(404)
            return
        # The monotonic clock: an uptime must not change when somebody sets the time.
        uptime_s = round(time.monotonic() - STARTED_AT, 3)
        body = json.dumps({"uptime_s": uptime_s}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


with ThreadingHTTPServer(("127.0.0.1", PORT), Handler) as server, suppress(KeyboardInterrupt):
    print("listening on port", server.server_address[1], flush=True)
    server.serve_forever()
