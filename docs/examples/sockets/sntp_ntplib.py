"""SNTP by a library: ``python sntp_ntplib.py [HOST] [PORT]``, after ``pip install ntplib``.

It teaches the same as sntp_struct.py in one call. Start ``jitterball serve --sntp-port 7123``
first. It leaves out setting the clock, which is the system's task.
"""

import sys
import time

import ntplib

HOST, PORT = [*sys.argv[1:], *["127.0.0.1", "7123"][len(sys.argv) - 1 :]]

try:
    answer = ntplib.NTPClient().request(HOST, version=4, port=int(PORT), timeout=2)
except (ntplib.NTPException, OSError) as error:
    sys.exit(f"no time from {HOST}:{PORT}: {error}")
print(f"stratum {answer.stratum}: {ntplib.stratum_to_text(answer.stratum)}")
print(f"server's time {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(answer.tx_time))} UTC")
print(f"offset {answer.offset * 1000:+.3f} ms")
print(f"delay {answer.delay * 1000:.3f} ms")
