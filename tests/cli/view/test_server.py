"""Who does not know the secret, or asks from elsewhere, is given nothing."""

import asyncio
import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from neo_currentscape.conventions.errors import ArgumentError

pytest.importorskip("bokeh")


def asked(address, path=None, **headers):
    told = urlsplit(address)
    connection = http.client.HTTPConnection(told.hostname, told.port, timeout=20)
    connection.putrequest("GET", told.path if path is None else path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.getheaders())


def test_the_page_is_given_with_what_it_may_load(served):
    status, page, headers = asked(served)
    assert status == 200
    assert "Bokeh" in page
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "http:" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    # Nothing is loaded from any other machine.
    assert "cdn." not in page


@pytest.mark.parametrize(
    "place", ["/", "/view", "/view/ws", "/static/js/bokeh.min.js", "/x/view", "/metadata"]
)
def test_without_the_secret_there_is_nothing(served, place):
    assert asked(served, place)[0] == 404


def test_the_secret_is_long_and_new_each_time(served, start, path):
    other = start(path, "--site", "soma").stdout.readline().strip()
    secrets = {urlsplit(address).path.split("/")[1] for address in (served, other)}
    assert len(secrets) == 2
    assert all(len(secret) >= 43 for secret in secrets)


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1"])
def test_another_host_is_refused(served, host):
    status, page, _ = asked(served, Host=host)
    assert status == 403
    assert "Bokeh" not in page


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"]
)
@pytest.mark.parametrize("end", ["", "/ws"])
def test_another_origin_is_refused_also_by_the_websocket(served, origin, end):
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    more = {**upgrade, **key} if end else {}
    assert asked(served, urlsplit(served).path + end, Origin=origin, **more)[0] == 403


def test_only_this_machine_is_listened_to(served):
    port = urlsplit(served).port
    for family, address in ((socket.AF_INET, "127.0.0.2"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as other, pytest.raises(OSError):
            other.settimeout(2)
            other.connect((address, port))


def test_pictures_are_fetched_by_their_name_only(served):
    base = urlsplit(served).path.rsplit("/", 1)[0]
    for name in ("x", "..%2f..%2fetc%2fpasswd", "../../etc/passwd"):
        assert asked(served, f"{base}/pictures/{name}")[0] == 404


def test_pictures_are_kept_until_others_take_their_place():
    from neo_currentscape.cli.view.server import MOST_PICTURES, Pictures

    pictures = Pictures()
    places = [pictures.keep(str(k).encode()) for k in range(MOST_PICTURES + 1)]
    found = [pictures.get(place.removeprefix("pictures/")) for place in places]
    assert found == [None, *(str(k).encode() for k in range(1, MOST_PICTURES + 1))]


def test_a_port_that_is_taken_is_said():
    from neo_currentscape.cli.view.server import Pictures, Server

    async def serve(port):
        Server(lambda document: None, Pictures(), port)

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        # In a thread of its own, as the one of the tests may have a loop already, for a browser.
        with ThreadPoolExecutor(1) as pool, pytest.raises(ArgumentError, match=f"--port {port} cannot be"):
            pool.submit(asyncio.run, serve(port)).result()
