"""One question over HTTP and its whole answer, bounded in bytes and in time from the first byte sent to the last read.

No proxy, login or certificate is taken from the environment: the password goes where the arguments say, or nowhere.
"""

from __future__ import annotations

import ipaddress
import queue
import ssl
import threading
from dataclasses import dataclass, field
from typing import Any

import httpx

from gwplan.importers.draft import ImportFailed

LARGEST = 64_000_000
"""Bytes of one answer."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where and as whom. The password is in no text that this class can make."""

    url: str
    user: str
    password: str = field(repr=False)
    ca_file: str | None = None
    insecure: bool = False
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: httpx.Headers
    text: bytes


def checked_url(text: str) -> str:
    """The address without its trailing slash. Raises ImportFailed if it is none, or would show the password."""
    url = _address(text, "--url", "https://SERVER:9419")
    if url.scheme == "http" and not _is_this_machine(url.host):
        raise ImportFailed(f"--url {text!r}: over http everybody on the way reads the password: write https://")
    if url.path not in ("", "/") or url.query:
        raise ImportFailed(f"--url {text!r}: give the server and its port alone, such as https://{url.host}:9419")
    return str(url).rstrip("/")


def checked_proxy(text: str, url: str) -> str:
    """The address of a proxy that may stand before ``url``: it sees nothing of what goes through it but the server."""
    proxy = _address(text, "--proxy", "http://PROXY:3128")
    server = httpx.URL(url)
    if server.scheme != "https":
        raise ImportFailed(f"--proxy {text!r}: {url} has no TLS: the proxy would read the password")
    if _is_this_machine(server.host):
        raise ImportFailed(f"--proxy {text!r}: {url} is this machine: no proxy is on the way")
    return str(proxy)


def open_client(login: Login, transport: httpx.BaseTransport | None) -> httpx.Client:
    """A client for one server. ``transport`` is the outside world, which a test may bring along."""
    return httpx.Client(
        base_url=login.url, verify=_trust(login), transport=transport, follow_redirects=False, trust_env=False,
        proxy=login.proxy, timeout=httpx.Timeout(60.0, connect=15.0),
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
    )  # fmt: skip


def exchange(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], more: dict[str, Any], longest: float
) -> Answer:
    """Ask once, for ``longest`` seconds. Raises httpx.RequestError, or ImportFailed for an answer too large, too slow
    or encoded.

    The library's own limits are for each read, and headers that drip never exceed them. So the whole exchange runs in a
    thread of its own, which is left behind when its time is over.
    """
    done: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put(_exchange(client, method, path, headers, more))
        except Exception as error:
            done.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        result = done.get(timeout=longest)
    except queue.Empty:
        client.close()
        raise ImportFailed(f"{method} {path}: no end of the answer after {longest:.3g} seconds") from None
    if isinstance(result, Exception):
        raise result
    return result


def _exchange(client: httpx.Client, method: str, path: str, headers: dict[str, str], more: dict[str, Any]) -> Answer:
    with client.stream(method, path, headers=headers, **more) as answer:
        announced = answer.headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and (len(announced) > 15 or int(announced) > LARGEST):
            raise ImportFailed(f"{method} {path}: the answer has {announced[:40]} bytes, more than {LARGEST}: not read")
        encoding = answer.headers.get("content-encoding", "identity")
        if encoding.strip().lower() not in ("", "identity"):
            why = "which nobody asked for: a small one may become a large one: not read"
            raise ImportFailed(f"{method} {path}: the answer is encoded ({encoding[:40]}), {why}")
        text = bytearray()
        for chunk in answer.iter_bytes():
            text += chunk
            if len(text) > LARGEST:
                raise ImportFailed(f"{method} {path}: the answer has more than {LARGEST} bytes: given up")
        return Answer(answer.status_code, answer.headers, bytes(text))


def transport_failure(error: httpx.RequestError, login: Login) -> str:
    """Why nothing came back, and what to do where that is known."""
    if is_about_certificates(error):
        reason = str(error).partition("CERTIFICATE_VERIFY_FAILED] ")[2].partition(" (_ssl")[0]
        if "mismatch" in reason:
            return f"its certificate is for another name ({reason}): give --url with a name that it is for"
        whose = "the authorities of --ca-file" if login.ca_file else "the authorities of this machine"
        return f"its certificate is not trusted by {whose} ({reason}): give --ca-file FILE with the one that signed it"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return f"{type(error).__name__}: {error}"


def is_about_certificates(error: httpx.RequestError) -> bool:
    """Whether asking again cannot help."""
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _address(text: str, option: str, right: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        url.raw_host.decode("ascii").encode("idna")  # connecting does so, too, and would fail in words of its own
    except (httpx.InvalidURL, ValueError) as error:
        raise ImportFailed(f"{option} {text!r}: {error}") from None
    if url.userinfo:
        what = ": give --user, and the password by prompt, variable or file" if option == "--url" else ""
        raise ImportFailed(f"{option} holds a user or password{what}")
    if url.scheme not in ("https", "http") or not url.host or (url.port or 0) > 65_535:
        raise ImportFailed(f"{option} {text!r}: write {right}")
    return url


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.rstrip(".") == "localhost"


def _trust(login: Login) -> ssl.SSLContext:
    """The system's authorities, or those of a file; nobody's with --insecure."""
    try:
        context = ssl.create_default_context(cafile=login.ca_file)
    except (OSError, ssl.SSLError) as error:
        reason = "has no certificate in PEM form" if isinstance(error, ssl.SSLError) else error.strerror
        raise ImportFailed(f"--ca-file {login.ca_file}: {reason}") from None
    if login.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
