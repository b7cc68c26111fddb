"""Names, addresses, ports and byte order: ``python addresses.py [HOST] [SERVICE]``.

It teaches ``getaddrinfo``, ``getservbyport``, ``inet_aton`` and network byte order. It leaves out
the look-up of a name by an address, which often has no answer.
"""

import socket
import struct
import sys

host, service = [*sys.argv[1:], *["localhost", "http"][len(sys.argv) - 1 :]]

print("this computer:", socket.gethostname())

# A name may have several addresses of two families: a client tries one after the other. A number
# instead of the name of a service works too.
try:
    found = socket.getaddrinfo(host, service, type=socket.SOCK_STREAM)
except OSError as error:
    sys.exit(f"no address of {host}, or no service {service}: {error}")
for family, _, _, _, sockaddr in found:
    print(f"{host} {service}: {family.name} {sockaddr[0]} port {sockaddr[1]}")

# The names of services come from a file of the system, not from the network.
for port in (22, 80, 123):
    try:
        print(f"port {port}: {socket.getservbyport(port)}")
    except OSError:
        print(f"port {port}: no name on this system")

# An IPv4 address is 4 bytes, an IPv6 address 16. Text is for people.
packed = socket.inet_aton("127.0.0.1")
print("127.0.0.1 in bytes:", packed.hex(" "), "and back:", socket.inet_ntoa(packed))
print("::1 in bytes:", socket.inet_pton(socket.AF_INET6, "::1").hex(" "))

# Networks send the most significant byte first ("!"). Most processors store the least first.
print(f"port 7777 on this {sys.byteorder}-endian computer:", struct.pack("=H", 7777).hex(" "))
print("port 7777 on the network:", struct.pack("!H", 7777).hex(" "))
print("htons(7777) and back:", socket.htons(7777), socket.ntohs(socket.htons(7777)))
