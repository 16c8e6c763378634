"""A live read: revisions, pages, retries, hostile servers, secrets; and a real mock of the vendor's own document."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from importing import FIXTURES, imported, read_saved, samples
from support import run_cli

from gwplan.importers.draft import Draft, ImportFailed, Kind
from gwplan.importers.rest import client as vbr_client
from gwplan.importers.rest import exchange as http
from gwplan.importers.rest.client import Vbr
from gwplan.importers.rest.exchange import Login, checked_proxy
from gwplan.importers.rest.live import read_vbr

PASSWORD = "correct horse battery staple"
SERVERS = "/api/v1/backupInfrastructure/managedServers"
Handler = Callable[[httpx.Request], httpx.Response]


def estate() -> dict[str, list[dict[str, Any]]]:
    """The items of the fixture by the path that answers them."""
    paths = {
        "one": SERVERS, "two": "/api/v1/backupInfrastructure/proxies",
        "three": "/api/v1/backupInfrastructure/proxies/states", "four": "/api/v1/backupInfrastructure/repositories",
        "five": "/api/v1/backupInfrastructure/scaleOutRepositories", "six": "/api/v1/backupInfrastructure/mountServers",
        "eight": "/api/v1/jobs", "nine": "/api/v1/backupInfrastructure/wanAccelerators",
        "ten": "/api/v1/inventory/unstructuredDataServers",
    }  # fmt: skip
    return {path: json.loads((FIXTURES / "rest" / f"{name}.json").read_text("utf-8"))["data"]
            for name, path in paths.items()}  # fmt: skip


def server(newest: str = "1.3-rev2", page: int = 200, **special: Handler) -> tuple[Handler, list[httpx.Request]]:
    """A backup server that knows revisions up to one; ``special`` answers a path by the last part of its name."""
    asked: list[httpx.Request] = []
    lists = estate()
    known = vbr_client.REVISIONS[vbr_client.REVISIONS.index(newest) :]

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        path = request.url.path
        if request.headers["x-api-version"] not in known:
            return httpx.Response(400, json={"errorCode": "UnknownError", "message": "Unsupported RESTAPI version"})
        if handler := special.get(path.rpartition("/")[2]):
            return handler(request)
        if path == "/api/oauth2/token":
            form = dict(httpx.QueryParams(request.content.decode()))
            grant = "Password" if request.headers["x-api-version"].startswith("1.3") else "password"
            right = form == {"grant_type": grant, "username": "viewer", "password": PASSWORD}
            return httpx.Response(200, json={"access_token": "t0k3n"}) if right else httpx.Response(401)
        if request.headers.get("authorization") != "Bearer t0k3n":
            return httpx.Response(401)
        if path == "/api/v1/serverInfo":
            return httpx.Response(200, json=json.loads((FIXTURES / "rest" / "seven.json").read_text("utf-8")))
        if path not in lists:
            return httpx.Response(404, json={"errorCode": "NotFound", "message": "no such path"})
        skip, limit = int(request.url.params["skip"]), min(int(request.url.params["limit"]), page)
        items = lists[path][skip : skip + limit]
        pagination = {"total": len(lists[path]), "count": len(items), "skip": skip, "limit": limit}
        return httpx.Response(200, json={"data": items, "pagination": pagination})

    return answer, asked


def read(handler: Handler, save: Path | None = None, password: str = PASSWORD) -> Draft:
    login = Login("https://vbr01:9419", "viewer", password)
    with Vbr(login, transport=httpx.MockTransport(handler), sleep=waits.append) as vbr:
        return read_vbr(vbr, "https://vbr01:9419", lambda _: None, save)


waits: list[float] = []


@pytest.fixture(autouse=True)
def _no_waits() -> None:
    waits.clear()


def test_a_live_read_gives_what_its_saved_answers_give(tmp_path: Path) -> None:
    handler, asked = server()
    live = imported(read(handler, tmp_path / "saved"))

    saved = imported(read_saved(tmp_path / "saved"))

    assert live.text.splitlines()[1:] == saved.text.splitlines()[1:]  # the first line names the source
    assert live.data["servers"] == imported(read_saved(FIXTURES / "rest")).data["servers"]
    assert {request.method for request in asked[1:]} == {"GET"}
    assert asked[0].url.path == "/api/oauth2/token"


@pytest.mark.parametrize("newest", vbr_client.REVISIONS)
def test_it_steps_down_to_the_newest_revision_that_the_server_knows(newest: str) -> None:
    handler, asked = server(newest)
    draft = read(handler)

    assert draft.revision == newest
    assert [request.headers["x-api-version"] for request in asked if request.method == "POST"] == list(
        vbr_client.REVISIONS[: vbr_client.REVISIONS.index(newest) + 1]
    )


def test_every_page_is_read() -> None:
    whole, _ = server()
    pages, asked = server(page=2)

    assert imported(read(pages)).text == imported(read(whole)).text
    assert [request.url.params["skip"] for request in asked if request.url.path == SERVERS] == ["0", "2", "4"]


def test_a_list_that_the_server_does_not_have_is_told() -> None:
    handler, _ = server()

    assert (
        ": traffic rules: the server does not give them to this account or revision: 404 NotFound: no such path"
        in imported(read(handler)).said(Kind.CANNOT_TELL)
    )


def test_a_server_that_does_not_turn_pages_is_told_apart_from_a_whole_list() -> None:
    items = estate()[SERVERS]
    handler, asked = server(managedServers=lambda _: httpx.Response(200, json=page_of(items, 10**9)))

    assert (
        ": all of the managed servers: 6 of 1000000000 were there: a page is missing"
        in imported(read(handler)).said(Kind.CANNOT_TELL)
    )
    assert sum(request.url.path == SERVERS for request in asked) == 2


def test_it_waits_longer_each_time_and_as_long_as_it_is_told() -> None:
    answers = iter([httpx.Response(429, headers={"retry-after": "17"}), httpx.Response(503), httpx.Response(502)])
    handler, _ = server()

    def busy(request: httpx.Request) -> httpx.Response:
        return next(answers, None) or handler(request) if request.url.path == SERVERS else handler(request)

    assert read(busy).of("server")
    assert waits[0] == 17
    assert 2 <= waits[1] <= 2.5 < 4 <= waits[2] <= 5


def test_a_server_that_is_not_there_is_told_at_once_and_one_that_goes_away_is_asked_again() -> None:
    handler, _ = server()
    gone = [2]

    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    def away(request: httpx.Request) -> httpx.Response:
        if request.url.path == SERVERS and gone[0]:
            gone[0] -= 1
            raise httpx.ConnectError("connection refused")
        return handler(request)

    with pytest.raises(ImportFailed, match="https://vbr01:9419: ConnectError: connection refused"):
        read(nobody)
    assert waits == []
    assert read(away).of("server")
    assert len(waits) == 2


def test_a_token_that_runs_out_is_renewed_once() -> None:
    handler, asked = server()
    left = [1]

    def short(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/jobs" and left:
            left.pop()
            return httpx.Response(401)
        return handler(request)

    assert len(read(short).of("job")) == 8
    assert sum(request.method == "POST" for request in asked) == 2


def page_of(items: list[Any], total: int) -> dict[str, Any]:
    return {"data": items, "pagination": {"total": total, "count": len(items), "skip": 0, "limit": 200}}


def gigabyte(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, stream=Endless())


class Endless(httpx.SyncByteStream):
    """A response without end, and how much of it was taken."""

    taken = 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            Endless.taken += 1_000_000
            yield b"[" * 1_000_000


HOSTILE: dict[str, tuple[Handler, str]] = {
    "wrong JSON": (lambda _: httpx.Response(200, text='{"data": ['), "the answer is no JSON: Expecting value"),
    "HTML": (lambda _: httpx.Response(200, html="<html>Sign in</html>"), "HTML, not JSON: is this the port of the"),
    "no list": (lambda _: httpx.Response(200, json={"data": 7}), "no list with `data`: is this the REST API of VBR?"),
    "deep": (lambda _: httpx.Response(200, text="[" * 200_000), "the answer is nested too deep"),
    "redirect": (lambda _: httpx.Response(302, headers={"location": "https://evil.example/"}),
                 "redirects to https://evil.example/: not followed"),
    "always 429": (lambda _: httpx.Response(429), f"GET {SERVERS}: 429"),
    "always 401": (lambda _: httpx.Response(401), "401"),
    "forbidden": (lambda _: httpx.Response(403, json={"errorCode": "AccessDenied", "message": "no"}),
                  "403 AccessDenied: no: without managed servers there is no inventory"),
    "endless pages": (lambda r: httpx.Response(200, json=page_of([{"id": str(r.url)}], 10**9)), "and no end: given up"),
    "a gigabyte": (gigabyte, "the answer has more than 64000000 bytes: given up"),
    "a gigabyte announced": (lambda _: httpx.Response(200, headers={"content-length": str(10**9)}, stream=Endless()),
                             "the answer has 1000000000 bytes, more than 64000000: not read"),
    "bad gzip": (lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Endless()),
                 "the answer is encoded (gzip), which nobody asked for"),
    "gzip of gzip": (lambda _: httpx.Response(200, headers={"content-encoding": "gzip, gzip"}, stream=Endless()),
                     "the answer is encoded (gzip, gzip), which nobody asked for"),
    "empty objects": (lambda _: httpx.Response(200, content=b'{"data":[' + b"{}," * 15_000_000 + b"{}]}"),
                      "the answer holds more than 1000000 values"),
    "digits": (lambda _: httpx.Response(200, content=b'{"data":[' + b"9" * 5000 + b"]}"), "has too many digits"),
    "odd digits to wait": (lambda _: httpx.Response(429, headers=[(b"retry-after", b"\xc2\xb2\xc2\xb2")]), "429"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_servers_end_in_words_and_nothing_half_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vbr_client, "MOST_PAGES", 50)
    Endless.taken = 0
    answer, message = HOSTILE[name]
    handler, _ = server(managedServers=answer)
    with pytest.raises(ImportFailed) as caught:
        read(handler, tmp_path / "saved")

    assert message in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    assert Endless.taken <= http.LARGEST + 2_000_000
    assert sum(waits) < 60


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.Response(401, json={"error": "invalid_grant", "error_description": f"no {PASSWORD}"}),
         "user or password is not right (invalid_grant: no …)"),
        (httpx.Response(200, json={"token": 1}), "the answer has no `access_token`"),
        (httpx.Response(200, json={"access_token": "a\nb"}), "the answer has no `access_token`"),
        (httpx.Response(404, html="<html>"), "404"),
        (httpx.Response(400, json={"message": "Unsupported RESTAPI version"}), "takes none of the revisions 1.3-rev2"),
    ],
)  # fmt: skip
def test_a_login_that_fails_says_why_and_is_not_tried_again(answer: httpx.Response, message: str) -> None:
    handler, asked = server(token=lambda _: answer)
    with pytest.raises(ImportFailed) as caught:
        read(handler)

    assert message in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert len(asked) == (len(vbr_client.REVISIONS) if "revisions" in message else 1)


class _Raw(contextlib.AbstractContextManager["_Raw"]):
    """A server that sends what it is told, byte for byte, and then goes on with the rest for ever."""

    def __init__(self, first: bytes, rest: bytes) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, args=(first, rest), daemon=True).start()

    def __exit__(self, *exception: object) -> None:
        self.socket.close()

    def _serve(self, first: bytes, rest: bytes) -> None:
        with contextlib.suppress(OSError), self.socket.accept()[0] as connection:
            connection.sendall(first)
            while True:
                connection.sendall(rest)
                time.sleep(0.05)


@pytest.mark.parametrize(
    ("first", "rest"),
    [(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"), (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
     (b"HTTP/1.1 200 OK\r\ncontent-length: 60000000\r\n\r\n", b" ")],
    ids=["headers", "informational", "body"],
)  # fmt: skip
@pytest.mark.parametrize("limit", ["LONGEST_ANSWER", "LONGEST_READ"])
def test_what_drips_ends_in_time(limit: str, first: bytes, rest: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vbr_client, limit, 0.4)
    begun = time.monotonic()
    with (
        _Raw(first, rest) as raw,
        Vbr(Login(raw.url, "viewer", PASSWORD)) as vbr,
        pytest.raises(ImportFailed, match=r"POST /api/oauth2/token: no end of the answer after 0\.[34]\d* seconds"),
    ):
        vbr.log_in()

    assert time.monotonic() - begun < 5


def test_the_whole_read_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vbr_client, "LONGEST_READ", 0.2)
    asked = 0

    def busy(_: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(503)

    with (
        Vbr(Login("https://vbr:9419", "u", PASSWORD), transport=httpx.MockTransport(busy),
            sleep=lambda _: time.sleep(0.15)) as vbr,
        pytest.raises(ImportFailed, match=r"https://vbr:9419: more than 0\.2 seconds in all: given up"),
    ):  # fmt: skip
        vbr.log_in()

    assert 1 <= asked < vbr_client.ATTEMPTS


def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.2)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        for url in ("http://127.0.0.1:1", "https://127.0.0.1:1"):
            with Vbr(Login(url, "viewer", PASSWORD)) as vbr, pytest.raises(ImportFailed, match="ConnectError"):
                vbr.log_in()
        with pytest.raises(TimeoutError):
            proxy.accept()


def test_a_proxy_that_is_asked_for_sees_the_server_and_no_password() -> None:
    seen: list[bytes] = []

    def refuse(listener: socket.socket) -> None:
        connection = listener.accept()[0]
        seen.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as proxy:
        thread = threading.Thread(target=refuse, args=(proxy,), daemon=True)
        thread.start()
        way = checked_proxy(f"http://127.0.0.1:{proxy.getsockname()[1]}", "https://vbr.invalid:9419")
        login = Login("https://vbr.invalid:9419", "viewer", PASSWORD, proxy=way)
        with Vbr(login, sleep=waits.append) as vbr:
            monkey = pytest.MonkeyPatch()
            monkey.setattr(vbr_client, "ATTEMPTS", 1)
            with pytest.raises(ImportFailed, match="ProxyError: 403 Forbidden"):
                vbr.log_in()
            monkey.undo()
        thread.join()

    assert seen[0].startswith(b"CONNECT vbr.invalid:9419 ")
    assert PASSWORD.encode() not in seen[0]


@pytest.mark.parametrize(
    ("proxy", "url", "message"),
    [
        ("http://proxy:3128", "http://127.0.0.1:9419", "has no TLS: the proxy would read the password"),
        ("http://proxy:3128", "https://localhost:9419", "is this machine: no proxy is on the way"),
        ("proxy:3128", "https://vbr01:9419", "write http://PROXY:3128"),
        ("http://me:secret@proxy", "https://vbr01:9419", "--proxy holds a user or password"),
    ],
)
def test_proxies_that_are_refused(proxy: str, url: str, message: str) -> None:
    with pytest.raises(ImportFailed) as caught:
        checked_proxy(proxy, url)

    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("echo", ["t0k3n-of-some-length", "r3fr3sh-of-some-length", PASSWORD,
                                  PASSWORD.replace(" ", "+"), PASSWORD.replace(" ", "%20")])  # fmt: skip
def test_secrets_that_a_server_echoes_are_in_no_text(echo: str, tmp_path: Path) -> None:
    def token(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"access_token": "t0k3n-of-some-length", "token_type": "bearer",
                                         "refresh_token": "r3fr3sh-of-some-length"})  # fmt: skip

    items = [{**item, "name": f"{item['name']} {echo}", "description": echo, f"key {echo}": 1}
             for item in estate()[SERVERS]]  # fmt: skip
    said = {"errorCode": "x" * (290 - len(echo) // 2) + echo, "message": echo}
    answers: dict[str, Handler] = {
        "token": token,
        "managedServers": lambda _: httpx.Response(200, json=page_of(items, len(items))),
        "serverInfo": lambda _: httpx.Response(200, json={"unknown": echo, echo: 1}),
        "repositories": lambda _: httpx.Response(200, json=page_of([], 0)),
    }
    told = [lambda _: httpx.Response(302, headers={"location": f"https://x/{echo}"}),
            lambda _: httpx.Response(500, json=said), lambda _: httpx.Response(404, json=said)]  # fmt: skip

    def handler(request: httpx.Request) -> httpx.Response:
        found = answers.get(request.url.path.rpartition("/")[2])
        return found(request) if found else httpx.Response(404, json=said)

    draft = read(handler, tmp_path / "saved")
    made = imported(draft)
    texts = [made.text, str(made.report), *(file.read_text("utf-8") for file in (tmp_path / "saved").iterdir())]
    for answer in told:
        answers["managedServers"] = answer
        with pytest.raises(ImportFailed) as caught:
            read(handler)
        texts.append(str(caught.value))

    assert [text for text in texts if echo in text or echo[:10] in text] == []


def test_descriptions_that_name_accounts_are_not_saved(tmp_path: Path) -> None:
    kept = ["the old one", r"\\nas01\share of paris", r"C:\Backup\new"]
    texts = [r"Created by LAB\administrator at 1/2/2026", r"ask LAB\svc-veeam", "of admin@lab.example", *kept]
    items = [{**estate()[SERVERS][0], "id": str(number), "description": text} for number, text in enumerate(texts)]
    handler, _ = server(managedServers=lambda _: httpx.Response(200, json=page_of(items, len(items))))
    read(handler, tmp_path / "saved")
    saved = [json.loads(file.read_text("utf-8")) for file in (tmp_path / "saved").glob("*-managedServers.json")]

    assert [item["description"] for item in saved[0]["answer"]["data"] if "description" in item] == kept


def test_nothing_secret_is_saved(tmp_path: Path) -> None:
    secret = {
        "credentialsId": "S3CR3T", "account": {"connectionSettings": {}, "accessKey": "S3CR3T", "userName": "S3CR3T"},
        "guestProcessing": {"scripts": "S3CR3T"}, "encryptionPasswordUniqueId": "S3CR3T", "fingerprint": "S3CR3T",
        "veeamRegistration": {"thumprint": "S3CR3T"}, "deep": [{"notifications": {"recipients": ["S3CR3T"]}}],
    }  # fmt: skip
    servers = [{**item, **secret} for item in estate()[SERVERS]]
    handler, _ = server(managedServers=lambda _: httpx.Response(200, json=page_of(servers, len(servers))))
    read(handler, tmp_path / "saved")
    saved = {file.name: file.read_text("utf-8") for file in (tmp_path / "saved").iterdir()}

    assert len(saved) >= 10
    assert [name for name, text in saved.items() if "S3CR3T" in text or PASSWORD in text or "t0k3n" in text] == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("vbr01:9419", "write https://SERVER:9419"),
        ("http://vbr01:9419", "over http everybody on the way reads the password"),
        ("https://me:secret@vbr01", "--url holds a user or password"),
        ("https://vbr01:9419/api/v1", "give the server and its port alone, such as https://vbr01:9419"),
        ("https://", "write https://SERVER:9419"),
        ("https://..", "label empty or too long"), ("https://x:99999", "write https://SERVER:9419"),
        ("https://[::1", "--url"),
    ],
)
def test_addresses_that_are_none(url: str, message: str) -> None:
    with pytest.raises(ImportFailed) as caught:
        http.checked_url(url)

    assert message in str(caught.value)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_password_is_never_an_argument(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    base = ["import", "vbr", "--url", "http://127.0.0.1:1", "--user", "viewer"]
    (tmp_path / "empty").write_text("\n", "utf-8")
    results = [
        run_cli([*base, "--password", PASSWORD], {}, monkeypatch),
        run_cli([*base, "--password-file", str(tmp_path / "empty")], {}, monkeypatch),
        run_cli([*base, "--password-file", str(tmp_path / "none")], {}, monkeypatch),
    ]

    assert [result.code for result in results] == [2, 2, 2]
    assert "No such option" in results[0].err
    assert "its first line is empty" in results[1].err
    assert "No such file or directory" in results[2].err


def test_off_a_terminal_a_missing_password_is_misuse(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        result = run_cli(["import", "vbr", "--url", "http://127.0.0.1:1", "--user", "v"], {}, monkeypatch)

    assert result.code == 2
    assert "no password: set GWPLAN_VBR_PASSWORD, give --password-file FILE, or run on a terminal" in result.err


class _Mute(BaseHTTPRequestHandler):
    """A server behind TLS that answers every question with one list of nothing."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._answer({"access_token": "x"})

    def do_GET(self) -> None:
        self._answer(page_of([], 0))

    def _answer(self, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server with a certificate of its own making, and that certificate."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here: it makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with HTTPServer(("127.0.0.1", 0), _Mute) as http:
        http.socket = context.wrap_socket(http.socket, server_side=True)
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{http.server_port}", certificate
        http.shutdown()
        thread.join()


def test_certificates_are_checked_unless_somebody_says_otherwise(
    tls: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, certificate = tls
    base = ["import", "vbr", "--url", url, "--user", "viewer"]
    environment = {"GWPLAN_VBR_PASSWORD": PASSWORD, "NO_PROXY": "*"}
    refused = run_cli(base, environment, monkeypatch)
    trusted = run_cli([*base, "--ca-file", str(certificate)], environment, monkeypatch)
    insecure = run_cli([*base, "--insecure"], environment, monkeypatch)
    no_file = run_cli([*base, "--ca-file", str(certificate.with_name("key.pem"))], environment, monkeypatch)

    assert "its certificate is not trusted by the authorities of this machine" in refused.err
    assert "give --ca-file FILE with the one that signed it" in refused.err
    assert "no managed servers in it" in trusted.err or "nothing in it is an answer" in trusted.err
    assert "whoever answers gets the password" in insecure.err.splitlines()[0]
    assert "has no certificate in PEM form" in no_file.err
    assert {result.code for result in (refused, trusted, insecure, no_file)} == {2}
    assert all(PASSWORD not in result.err + result.out for result in (refused, trusted, insecure, no_file))


def test_at_a_terminal_the_password_is_asked_for_and_never_shown() -> None:
    with HTTPServer(("127.0.0.1", 0), _Mute) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        main, side = pty.openpty()
        environment = {**os.environ, "NO_PROXY": "*", "TERM": "xterm", "COLUMNS": "100"}
        environment.pop("GWPLAN_VBR_PASSWORD", None)
        command = [sys.executable, "-m", "gwplan", "import", "vbr", "--url", f"http://127.0.0.1:{http.server_port}",
                   "--user", "viewer"]  # fmt: skip
        with subprocess.Popen(command, stdin=side, stdout=side, stderr=side, env=environment,
                              start_new_session=True) as process:  # fmt: skip
            os.close(side)
            shown = b""
            while b"Password of viewer at http://127.0.0.1" not in shown:
                shown += os.read(main, 65536)
            os.write(main, f"{PASSWORD}\n".encode())
            with contextlib.suppress(OSError):  # the other end is closed
                while chunk := os.read(main, 65536):
                    shown += chunk
        os.close(main)
        http.shutdown()
        thread.join()

    assert process.returncode == 2
    assert b": backups" in shown  # what is asked last; the rest goes by too fast to be drawn
    assert b"nothing in it is an answer of the VBR REST API" in shown or b"no managed servers in it" in shown
    assert PASSWORD.encode() not in shown


def test_an_interrupt_ends_with_130_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: Any) -> Draft:
        raise KeyboardInterrupt

    monkeypatch.setattr("gwplan.importers.rest.live.read_vbr", interrupt)
    from gwplan.cli.main import run

    monkeypatch.setenv("GWPLAN_VBR_PASSWORD", PASSWORD)
    base = ["import", "vbr", "--url", "http://127.0.0.1:1", "--user", "viewer"]

    assert run([*base, "--output", str(tmp_path / "x.yaml"), "--save", str(tmp_path / "saved")]) == 130
    assert list(tmp_path.iterdir()) == []


# --- a mock of the vendor's own document ------------------------------------------------------------------------------


def _prism() -> list[str]:
    """The OpenAPI mock server, installed on the machine or in node_modules; never downloaded by a test."""
    if found := os.environ.get("GWPLAN_PRISM") or shutil.which("prism"):
        return [found]
    pytest.skip("no prism here: `npm install -g @stoplight/prism-cli`, or set GWPLAN_PRISM to it")


@pytest.fixture(params=["1.2-rev1", "1.3-rev1", "1.3-rev2"])
def mock_vbr(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    document = samples("vbr-rest", f"openapi-{request.param}.json")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*_prism(), "mock", "--host", "127.0.0.1", "--port", str(port), str(document)]
    with (
        (tmp_path / "prism.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}", request.param
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the mock server has ended"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/serverTime", timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            error.close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the mock server does not answer")


def test_a_mock_of_the_vendors_document_is_imported(
    mock_vbr: tuple[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url, _ = mock_vbr
    made, saved, report = tmp_path / "vbr.yaml", tmp_path / "saved", tmp_path / "report.json"
    result = run_cli(
        ["import", "vbr", "--url", url, "--user", "viewer", "--save", str(saved), "--output", str(made),
         "--report", str(report)],
        {"GWPLAN_VBR_PASSWORD": PASSWORD, "NO_PROXY": "*"}, monkeypatch,
    )  # fmt: skip
    again = run_cli(["import", str(saved)], {}, monkeypatch)
    planned = run_cli(["resolve", str(made)], {}, monkeypatch)

    assert result.code == again.code == 0, result.err
    assert planned.code in (0, 1)
    assert again.out.splitlines()[2:] == made.read_text("utf-8").splitlines()[2:]
    assert json.loads(report.read_text("utf-8"))["source"]["kind"] == "vbr"
    assert {file.stat().st_mode & 0o077 for file in (saved,)} == {0}


def test_a_certificate_for_another_name_is_no_matter_of_authorities() -> None:
    error = httpx.ConnectError(
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for "
        "'vbr'. (_ssl.c:1006)"
    )

    assert http.transport_failure(error, Login("https://vbr:9419", "u", PASSWORD)) == (
        "its certificate is for another name (certificate verify failed: Hostname mismatch, certificate is not valid "
        "for 'vbr'.): give --url with a name that it is for"
    )
