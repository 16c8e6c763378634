"""The REST API of a backup server, read with care: only GET after the token, bounded in bytes, pages and time.

Whatever answers is not trusted: redirects are not followed, bodies are measured while they come, and every failure is
an ImportFailed that says what was asked, what came, and what would be right.
"""

from __future__ import annotations

import ipaddress
import json
import random
import re
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from gwplan.importers.draft import ImportFailed

REVISIONS = ("1.3-rev2", "1.3-rev1", "1.3-rev0", "1.2-rev1", "1.2-rev0", "1.1-rev2", "1.1-rev1", "1.1-rev0")
"""Newest first: the first that the server takes."""
_GRANTS = ("Password", "password")
"""The grant type as the API documents of 1.3 spell it, and as those of 1.2 and earlier do."""
PAGE = 200
MOST_ITEMS = 500_000
MOST_PAGES = 5_000
LARGEST = 64_000_000
"""Bytes of one answer."""
LARGEST_TOTAL = 1_000_000_000
ATTEMPTS = 5
LONGEST_WAIT = 60.0
LONGEST_ANSWER = 300.0
"""Seconds from the question to the last byte."""
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_NOT_THERE = frozenset({400, 403, 404, 405, 422, 501})
"""What a server answers for a list it does not have: an older revision may take the path for an id, and refuse that."""


class NotThere(Exception):
    """This server, revision or account has no such list; the text says which of them."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where and as whom. The password is in no text that this class can make."""

    url: str
    user: str
    password: str = field(repr=False)
    ca_file: str | None = None
    insecure: bool = False


def checked_url(text: str) -> str:
    """The address without its trailing slash. Raises ImportFailed for no address, or one that shows the password."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ImportFailed(f"--url {text!r}: {error}") from None
    if url.userinfo:
        raise ImportFailed("--url holds a user or password: give --user, and the password by prompt, variable or file")
    if url.scheme not in ("https", "http") or not url.host:
        raise ImportFailed(f"--url {text!r}: write https://SERVER:9419")
    if url.scheme == "http" and not _is_this_machine(url.host):
        raise ImportFailed(f"--url {text!r}: over http everybody on the way reads the password: write https://")
    if url.path not in ("", "/") or url.query:
        raise ImportFailed(f"--url {text!r}: give the server and its port alone, such as https://{url.host}:9419")
    return str(url).rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Vbr:
    """A session with one server. ``sleep`` and ``transport`` are the outside world, which a test may bring along."""

    def __init__(
        self, login: Login, *, transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._login, self._sleep, self._clock = login, sleep, clock
        self._url = checked_url(login.url)
        self._client = httpx.Client(
            base_url=self._url, verify=_trust(login), transport=transport, follow_redirects=False,
            timeout=httpx.Timeout(60.0, connect=15.0), headers={"Accept": "application/json"},
        )  # fmt: skip
        self._token, self._bytes = "", 0
        self.revision = ""

    def __enter__(self) -> Vbr:
        return self

    def __exit__(self, *exception: object) -> None:
        self._token = ""
        self._client.close()

    def log_in(self) -> None:
        """Get a token with the newest revision that the server takes."""
        refusal = ""
        for revision in (self.revision,) if self.revision else REVISIONS:
            for grant in _GRANTS if revision.startswith("1.3") else _GRANTS[::-1]:
                form = {"grant_type": grant, "username": self._login.user, "password": self._login.password}
                status, body = self._ask("POST", "/api/oauth2/token", {"x-api-version": revision}, data=form)
                if status != 400 or "invalid_grant" in self._said(body) or "version" in self._said(body).lower():
                    break  # else the form was refused before anybody looked at the password
            token = body.get("access_token") if status == 200 and isinstance(body, dict) else None
            if isinstance(token, str) and re.fullmatch(r"[!-~]{1,20000}", token):
                self.revision, self._token = revision, token
                return
            said = self._said(body)
            if status in (400, 404, 406, 501) and "version" in said.lower():
                refusal = said
                continue
            raise ImportFailed(f"{self._url} gives no token: {_login_failure(status, said)}")
        raise ImportFailed(f"{self._url} takes none of the revisions {', '.join(REVISIONS)}: {refusal}")

    def object(self, path: str) -> Any:
        """One answer that is no list."""
        return self._get(path, {})

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every page of a list. Ends at the last item, an empty page, one that comes twice, or in an ImportFailed."""
        skip, before = 0, ""
        for _ in range(MOST_PAGES):
            body = self._get(path, {"skip": str(skip), "limit": str(PAGE)})
            if not isinstance(body, dict) or not isinstance(body.get("data"), list):
                raise ImportFailed(f"GET {path}: the answer is no list with `data`: is this the REST API of VBR?")
            yield body
            items = body["data"]
            pagination = body.get("pagination")
            total = pagination.get("total") if isinstance(pagination, dict) else None
            skip += len(items)
            if not items or not isinstance(total, int) or skip >= total:
                return
            now = json.dumps(items, sort_keys=True)
            if now == before:
                return  # it does not turn pages: what is missing shows in the totals
            if skip >= MOST_ITEMS:
                break
            before = now
        raise ImportFailed(f"GET {path}: {skip} items, and no end: given up")

    def _get(self, path: str, parameters: dict[str, str]) -> Any:
        for attempt in (1, 2):
            headers = {"x-api-version": self.revision, "Authorization": f"Bearer {self._token}"}
            status, body = self._ask("GET", path, headers, params=parameters)
            if status == 200:
                return body
            if status == 401 and attempt == 1:  # a token lives for some minutes
                self.log_in()
                continue
            said = self._said(body)
            if status in _NOT_THERE:
                raise NotThere(f"{status} {said}".strip())
            raise ImportFailed(f"GET {path}: {status} {said}".strip())
        raise ImportFailed(f"GET {path}: 401 with a new token: the account may not use the REST API")

    def _said(self, body: Any) -> str:
        """The server's own words, in one line, not too many, and never the password."""
        if not isinstance(body, dict):
            return ""
        words = [body.get(key) for key in ("errorCode", "error", "message", "error_description")]
        said = ": ".join(" ".join(word.split())[:300] for word in words if isinstance(word, str) and word.strip())
        return said.replace(self._login.password, "…") if self._login.password else said

    # --- one question, and again --------------------------------------------------------------------------------------

    def _ask(self, method: str, path: str, headers: dict[str, str], **more: Any) -> tuple[int, Any]:
        """Status and JSON of an answer. What may pass is asked again, after a wait that grows."""
        for attempt in range(1, ATTEMPTS + 1):
            wait = min(2.0 ** (attempt - 1) * random.uniform(1.0, 1.25), LONGEST_WAIT)  # noqa: S311 - spreads, hides nothing
            try:
                status, answer_headers, text = self._once(method, path, headers, more)
                if status not in _AGAIN or attempt == ATTEMPTS:
                    return status, _parsed(method, path, status, answer_headers, text)
                wait = max(wait, _retry_after(answer_headers))
            except httpx.RequestError as error:
                nobody_there = isinstance(error, httpx.ConnectError) and not self._token
                if attempt == ATTEMPTS or nobody_there or _is_about_certificates(error):
                    raise ImportFailed(f"{self._url}: {_transport_failure(error, self._login)}") from None
            self._sleep(min(wait, LONGEST_WAIT))
        raise AssertionError("the last attempt returns or raises")

    def _once(
        self, method: str, path: str, headers: dict[str, str], more: dict[str, Any]
    ) -> tuple[int, httpx.Headers, bytes]:
        end = self._clock() + LONGEST_ANSWER
        with self._client.stream(method, path, headers=headers, **more) as answer:
            announced = answer.headers.get("content-length", "")
            if announced.isdigit() and int(announced) > LARGEST:
                raise ImportFailed(f"{method} {path}: the answer has {announced} bytes, more than {LARGEST}: not read")
            text = bytearray()
            for chunk in answer.iter_bytes():
                text += chunk
                self._bytes += len(chunk)
                if len(text) > LARGEST:
                    raise ImportFailed(f"{method} {path}: the answer has more than {LARGEST} bytes: given up")
                if self._bytes > LARGEST_TOTAL:
                    raise ImportFailed(f"{self._url}: more than {LARGEST_TOTAL} bytes in all: given up")
                if self._clock() > end:
                    raise ImportFailed(f"{method} {path}: no end of the answer after {LONGEST_ANSWER:.0f} seconds")
            return answer.status_code, answer.headers, bytes(text)


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


def _parsed(method: str, path: str, status: int, headers: httpx.Headers, text: bytes) -> Any:
    if 300 <= status < 400:
        where = headers.get("location", "nowhere")
        raise ImportFailed(f"{method} {path}: redirects to {where}: not followed; give the API's own address as --url")
    try:
        return json.loads(text) if text.strip() else None
    except RecursionError:
        raise ImportFailed(f"{method} {path}: the answer is nested too deep") from None
    except ValueError as error:
        if status >= 400:
            return None
        what = f"no JSON: {error}"
        if text.lstrip()[:1] == b"<":
            what = "HTML, not JSON: is this the port of the REST API (9419, or 443 from 13.1 on)?"
        raise ImportFailed(f"{method} {path}: the answer is {what}") from None


def _login_failure(status: int, said: str) -> str:
    if status == 401 or "invalid_grant" in said:
        return f"user or password is not right ({said or status})"
    if status == 403:
        return f"the account may not use the REST API ({said or status})"
    if status == 200:
        return "the answer has no `access_token`: is this the REST API of VBR?"
    return f"{status} {said}".strip()


def _retry_after(headers: httpx.Headers) -> float:
    value = headers.get("retry-after", "")
    return float(value) if value.isdigit() and len(value) < 6 else 0.0


def _is_about_certificates(error: httpx.RequestError) -> bool:
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _transport_failure(error: httpx.RequestError, login: Login) -> str:
    if _is_about_certificates(error):
        reason = str(error).partition("CERTIFICATE_VERIFY_FAILED] ")[2].partition(" (_ssl")[0]
        whose = "the authorities of --ca-file" if login.ca_file else "the authorities of this machine"
        return f"its certificate is not trusted by {whose} ({reason}): give --ca-file FILE with the one that signed it"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return f"{type(error).__name__}: {error}"
