"""The HTTP process: what it serves, and what no client can do to it."""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict

import pytest

from game.protocol.addresses import REFERENCE_PORT_OFFSET
from game.server.stats import PlayerStats, ServerStats
from game.web import http_limits
from game.web.api_values import ServerInfo
from game.web.app import LiveState, make_app
from game.web.http_process import HttpProcess
from game.web.http_protocol import (
    HttpSettings,
    Publication,
    decode_settings,
    encode_publication,
    encode_settings,
)
from game.web.openapi import ENDPOINTS
from game.web.page_files import page_files
from game.web.teacher_routes import TeacherDesk
from net.errors import ListenError
from net.security.certificates import make_self_signed
from net.transport import Address, TlsConfig
from tests.game.support import playing, until
from tests.game.web.hosts import LOOPBACK, Host, hosting

# Of all files, as a browser loads them.
PAGE_LIMIT_BYTES = 80_000
FIRST_ANSWER_WITHIN_S = 60.0


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosting(bots=2) as running:
        yield running


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


def get(host: Host, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(LOOPBACK, host.http.port, timeout=60)
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=shown)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def once(host: Host, path: str) -> Answer:
    """Ask until the game server has published something."""
    deadline = time.perf_counter() + FIRST_ANSWER_WITHIN_S
    while (answer := get(host, path)).status == 503:
        assert time.perf_counter() < deadline
        time.sleep(0.05)
    return answer


class TestPage:
    def test_the_page_is_small(self):
        sizes = {name: len(file.compressed) for name, file in page_files().items()}
        assert sum(sizes.values()) < PAGE_LIMIT_BYTES, sizes

    def test_the_page_names_no_address(self):
        """Only in comments, where a source is given, and the name of SVG's vocabulary."""
        for name, file in page_files().items():
            text = file.content.decode()
            lines = [line for line in text.splitlines() if not line.lstrip().startswith("//")]
            code = "\n".join(lines).replace("http://www.w3.org/2000/svg", "")
            found = re.findall(r"\w+://[\w.]+", code)
            assert found == [], f"{name}: {found}"

    def test_every_file_of_the_page_is_served(self, host):
        for name, file in page_files().items():
            answer = get(host, f"/{name}")
            assert (answer.status, answer.body) == (200, file.content)
            assert answer.headers["Content-Type"] == file.content_type

    def test_the_index_is_the_root(self, host):
        assert get(host, "/").body == page_files()["index.html"].content

    def test_who_reads_gzip_gets_less(self, host):
        answer = get(host, "/stats.js", Accept_Encoding="gzip")
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.body) < len(page_files()["stats.js"].content) / 2

    def test_what_a_browser_has_is_not_sent_again(self, host):
        etag = get(host, "/style.css").headers["ETag"]
        answer = get(host, "/style.css", If_None_Match=etag)
        assert (answer.status, answer.body) == (304, b"")

    def test_the_policy_allows_the_game_and_nothing_else(self, host):
        once(host, "/api/server")
        policy = get(host, "/").headers["Content-Security-Policy"]
        assert policy.endswith(f"connect-src 'self' ws://{LOOPBACK}:{host.server.base_port + 1}")
        assert policy.startswith("default-src 'none'; ")


class TestClass:
    @pytest.fixture
    def host(self) -> Iterator[Host]:
        with hosting(has_class=True) as running:
            yield running

    def test_the_policy_and_the_server_name_the_way_of_the_ghosts(self, host):
        server = once(host, "/api/server").json
        port = host.http.port + server["reference_offset"]
        assert port == host.server.base_port + REFERENCE_PORT_OFFSET
        policy = get(host, "/").headers["Content-Security-Policy"]
        assert policy.endswith(
            f"ws://{LOOPBACK}:{host.server.base_port + 1} ws://{LOOPBACK}:{port}"
        )


class TestApi:
    def test_the_server_says_how_to_connect(self, host):
        server = once(host, "/api/server").json
        assert host.http.port + server["websocket_offset"] == host.server.base_port + 1
        assert server["reference_offset"] is None
        assert server["requires_password"] is False
        assert server["snapshot_hz"] == 30
        assert (server["chat"], server["pause"]) == (True, True)

    @pytest.mark.parametrize("name", sorted(ENDPOINTS))
    def test_what_is_served_is_what_is_documented(self, host, name):
        document = get(host, "/api/openapi.json").json
        schema = document["paths"][f"/api/{name}"]["get"]["responses"]["200"]["content"]
        schema = schema["application/json"]["schema"]
        served = once(host, f"/api/{name}").json
        records = served if schema.get("type") == "array" else [served]
        reference = schema.get("items", schema)["$ref"].rsplit("/", 1)[1]
        described = document["components"]["schemas"][reference]
        for record in records:
            assert list(record) == described["required"]
            for key, value in record.items():
                assert json_type(value) in described["properties"][key]["type"], key

    async def test_players_rooms_and_results_are_those_of_the_game(self):
        with hosting(bots=2) as host:
            async with playing(host.server.base_port, "udp"):
                await until(lambda: get(host, "/api/players").body not in (b"[]", b""))
                (room,) = get(host, "/api/rooms").json
                (player,) = get(host, "/api/players").json
                results = get(host, "/api/results").json
        assert (room["name"], room["players"], room["bots"]) == ("main", 1, 2)
        assert (player["name"], player["transport"]) == ("Ana", "udp")
        assert {line["name"] for line in results if not line["is_bot"]} == {"Ana"}

    def test_addresses_of_clients_stay_with_the_server(self):
        assert b"192.0.2.7" not in encode_publication(publication())

    def test_the_score_sheet_counts_assists_and_own_goals(self, host):
        described = get(host, "/api/openapi.json").json["components"]["schemas"]["ResultInfo"]
        assert {"goals", "assists", "own_goals"} <= set(described["required"])

    @pytest.mark.parametrize(
        ("asked_from", "secret", "status"),
        [
            ("127.0.0.1", "", 200),
            ("::1", "", 200),
            ("::ffff:127.0.0.1", "", 200),
            ("192.0.2.7", "", 403),
            ("fe80::1%eth0", "", 403),
            ("192.0.2.7", "Bearer wrong", 403),
            ("192.0.2.7", "Bearer word", 200),
        ],
    )
    async def test_metrics_are_for_this_computer_or_the_teacher(self, asked_from, secret, status):
        app = make_app(LiveState(), "1", False, TeacherDesk("word", lambda action: None))
        headers = [(b"host", b"192.0.2.1:7780"), (b"authorization", secret.encode())]
        scope = {
            **{"type": "http", "method": "GET", "path": "/metrics", "query_string": b""},
            **{"headers": headers, "client": (asked_from, 50_000)},
        }
        sent = []

        async def receive():
            return {"type": "http.request"}

        async def send(message):
            sent.append(message)

        await app(scope, receive, send)
        assert sent[0]["status"] == status

    def test_metrics_are_for_prometheus(self, host):
        once(host, "/api/server")
        answer = get(host, "/metrics")
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert b'jitterball_clients{transport="udp"} 0.0' in answer.body
        deadline = time.perf_counter() + FIRST_ANSWER_WITHIN_S
        while counted_ticks(answer.body) == 0:
            assert time.perf_counter() < deadline
            answer = get(host, "/metrics")


def counted_ticks(metrics: bytes) -> int:
    counted = re.search(rb"jitterball_tick_lateness_seconds_count (\d+)", metrics)
    assert counted
    return int(counted[1])


def json_type(value) -> str:
    names = {str: "string", bool: "boolean", int: "integer", float: "number"}
    # A float that happens to be whole is written without its point by some.
    return "null" if value is None else names[type(value)]


class TestRefusals:
    @pytest.mark.parametrize(
        "path", ["/nothing", "/api/nothing", "/../net/codec.py", "/%2e%2e/main.js", "//x", "/a/b"]
    )
    def test_a_wrong_path(self, host, path):
        assert get(host, path).status == 404

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
    def test_a_wrong_method(self, host, method):
        assert get(host, "/api/server", method).status == 405

    @pytest.mark.parametrize(
        "foreign", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"]
    )
    def test_a_foreign_page(self, host, foreign):
        assert get(host, "/api/players", Origin=foreign).status == 403

    def test_our_own_page(self, host):
        assert get(host, "/api/openapi.json", Origin=host.url.rstrip("/")).status == 200

    def test_a_name_that_anybody_can_point_here(self, host):
        assert get(host, "/", Host=f"evil.example:{host.http.port}").status == 421

    def test_a_huge_header(self, host):
        with socket.create_connection((LOOPBACK, host.http.port), timeout=60) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 100_000)
            assert client.recv(100).startswith(b"HTTP/1.1 4")
        assert get(host, "/").status == 200

    def test_bytes_that_are_no_http(self, host):
        with socket.create_connection((LOOPBACK, host.http.port), timeout=60) as client:
            client.sendall(bytes(range(256)) * 8)
            assert client.recv(100).startswith(b"HTTP/1.1 400")
        assert get(host, "/").status == 200

    def test_two_hundred_connections_that_say_nothing(self, host):
        with ExitStack() as stack:
            for _ in range(200):
                stack.enter_context(socket.create_connection((LOOPBACK, host.http.port)))
            assert get(host, "/").status == 200

    def test_readers_that_do_not_read(self, host):
        """Each asks for more than all buffers hold, and takes nothing of it."""
        asked = b"GET /physics.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 100
        with ExitStack() as stack:
            for _ in range(20):
                client = socket.create_connection((LOOPBACK, host.http.port))
                stack.enter_context(client)
                client.setblocking(False)
                client.send(asked)
            assert get(host, "/").status == 200


class TestLimits:
    def test_a_class_fits_and_nobody_takes_all(self):
        counter = http_limits.ConnectionCounter()
        granted = [counter.acquire("192.0.2.1") for _ in range(1000)]
        assert granted.count(True) == http_limits.CONNECTIONS_PER_NETWORK >= 40 * 6
        assert counter.acquire("192.0.2.2")

    def test_what_is_given_back_can_be_had_again(self):
        counter = http_limits.ConnectionCounter()
        for _ in range(3 * http_limits.CONNECTIONS_MAX):
            assert counter.acquire("192.0.2.1")
            counter.release("192.0.2.1")

    def test_all_networks_together_have_a_limit(self):
        counter = http_limits.ConnectionCounter()
        granted = [counter.acquire(f"192.0.2.{number % 200}") for number in range(2000)]
        assert granted.count(True) <= http_limits.CONNECTIONS_MAX


class TestProcess:
    @pytest.mark.slow
    def test_a_port_in_use_is_said(self, host):
        settings = HttpSettings(Address(LOOPBACK, host.http.port), "1")
        with pytest.raises(ListenError, match=str(host.http.port)), HttpProcess(settings):
            raise AssertionError("it has a port that another one holds")

    def test_it_answers_before_the_game_server_has_said_anything(self):
        """And publishing never waits, not even for a process that was killed."""
        with HttpProcess(HttpSettings(Address(LOOPBACK, 0), "1")) as process:
            connection = http.client.HTTPConnection(LOOPBACK, process.port, timeout=60)
            connection.request("GET", "/api/server")
            assert connection.getresponse().status == 503
            connection.close()
            os.kill(process.pid, signal.SIGTERM)
            for _ in range(200):
                process.publish(publication())

    @pytest.mark.slow
    def test_a_page_that_is_asked_for_at_once_waits_for_the_port_of_the_game(self):
        """Without it in the policy of the page, a browser would refuse every connection."""
        with HttpProcess(HttpSettings(Address(LOOPBACK, 0), "1")) as process:
            connection = http.client.HTTPConnection(LOOPBACK, process.port, timeout=60)
            connection.request("GET", "/")
            process.publish(publication())
            response = connection.getresponse()
            assert response.status == 200
            policy = response.headers["Content-Security-Policy"]
            assert f"ws://{LOOPBACK}:{process.port + 1}" in policy
            connection.close()

    def test_settings_survive_the_pipe(self):
        settings = HttpSettings(Address("::1", 7), "1.2", TlsConfig(b"certificate", b"key\n"))
        assert decode_settings(encode_settings(settings)) == settings

    @pytest.mark.slow
    def test_https_with_the_certificate_of_the_game(self):
        tls = make_self_signed()
        with hosting(tls=tls) as host:
            context = ssl.create_default_context(cadata=tls.certificate_pem.decode())
            # It is made for no name: people compare its fingerprint.
            context.check_hostname = False
            connection = http.client.HTTPSConnection(
                LOOPBACK, host.http.port, timeout=60, context=context
            )
            connection.request("GET", "/")
            response = connection.getresponse()
            assert response.status == 200
            assert "connect-src 'self' wss://" in response.headers["Content-Security-Policy"]
            connection.close()


def publication() -> Publication:
    player = PlayerStats("Ana", "main", "udp", "192.0.2.7:5", False, 0.01, 0.0, 0)
    info = ServerInfo("1", 1.0, 1, 2, "", False, False, True, True, 30, 1, 1, 0.1)
    return Publication(info, [], [], [], ServerStats((player,), rooms=1), [(0.0001, 0.0002)] * 60)


def test_a_publication_is_json():
    plain = json.loads(encode_publication(publication()))
    assert plain["answers"]["server"] == asdict(publication().server)
    assert len(plain["ticks"]) == 60
