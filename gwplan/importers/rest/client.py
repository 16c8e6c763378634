"""The REST API of a backup server, read with care: only GET after the token, bounded in bytes, pages and time.

Whatever answers is not trusted: redirects are not followed, bodies are measured while they come, and every failure is
an ImportFailed that says what was asked, what came, and what would be right.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from gwplan.importers.draft import ImportFailed
from gwplan.importers.rest.exchange import (
    Answer,
    Login,
    checked_url,
    exchange,
    is_about_certificates,
    open_client,
    transport_failure,
)
from gwplan.importers.rest.json_text import BadJson, read_json
from gwplan.importers.rest.secrets import Secrets

REVISIONS = ("1.3-rev2", "1.3-rev1", "1.3-rev0", "1.2-rev1", "1.2-rev0", "1.1-rev2", "1.1-rev1", "1.1-rev0")
"""Newest first: the first one that the server takes is used."""
_GRANTS = ("Password", "password")
"""The grant type as the API documents of 1.3 spell it, and as those of 1.2 and earlier do."""
PAGE = 200
MOST_ITEMS = 500_000
MOST_PAGES = 5_000
LARGEST_TOTAL = 1_000_000_000
ATTEMPTS = 5
LONGEST_WAIT = 60.0
LONGEST_ANSWER = 300.0
"""Seconds from a question to the last byte of its answer."""
LONGEST_READ = 3_600.0
"""Seconds from the first question to the end of the last answer, waits included."""
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_NOT_THERE = frozenset({400, 403, 404, 405, 422, 501})
"""What a server answers for a list it does not have: an older revision may take the path for an id, and refuse that."""


class NotThere(Exception):
    """This server, revision or account has no such list; the text says which of them."""


class Vbr:
    """A session with one server. ``sleep`` and ``transport`` are the outside world, which a test may bring along."""

    def __init__(
        self, login: Login, *, transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._login, self._sleep, self._url = login, sleep, checked_url(login.url)
        self._client = open_client(login, transport)
        self._secrets = Secrets(login.password)
        self._token, self._bytes = "", 0
        self._end = time.monotonic() + LONGEST_READ
        self.revision = ""

    def __enter__(self) -> Vbr:
        return self

    def __exit__(self, *exception: object) -> None:
        self._token = ""
        self._client.close()

    def log_in(self) -> None:
        """Get a token with the newest revision that the server takes."""
        with self._telling_no_secret():
            self._log_in()

    def object(self, path: str) -> Any:
        """One answer that is no list."""
        with self._telling_no_secret():
            return self._get(path, {})

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every page of a list. Ends at the last item, an empty page, one that comes twice, or in an ImportFailed."""
        with self._telling_no_secret():
            yield from self._pages(path)

    @contextlib.contextmanager
    def _telling_no_secret(self) -> Iterator[None]:
        """Whatever goes wrong in here is told without the secrets, though the server may echo them anywhere."""
        try:
            yield
        except (ImportFailed, NotThere) as error:
            raise type(error)(self._secrets.struck(str(error))) from None

    def _log_in(self) -> None:
        refusal = ""
        for revision in (self.revision,) if self.revision else REVISIONS:
            for grant in _GRANTS if revision.startswith("1.3") else _GRANTS[::-1]:
                form = {"grant_type": grant, "username": self._login.user, "password": self._login.password}
                status, body = self._ask("POST", "/api/oauth2/token", {"x-api-version": revision}, data=form)
                if isinstance(body, dict):
                    self._secrets.learn(value for key, value in body.items() if "token" in key and key != "token_type")
                if status != 400 or "invalid_grant" in self._said(body) or "version" in self._said(body).lower():
                    break  # otherwise the form was refused before anybody looked at the password
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

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
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
                return  # the server ignores `skip`: what is missing shows in the totals
            if skip >= MOST_ITEMS:
                break
            before = now
        raise ImportFailed(f"GET {path}: {skip} items, and no end: given up")

    def _get(self, path: str, parameters: dict[str, str]) -> Any:
        for attempt in (1, 2):
            headers = {"x-api-version": self.revision, "Authorization": f"Bearer {self._token}"}
            status, body = self._ask("GET", path, headers, params=parameters)
            if status == 200:
                return self._secrets.struck_from(body)
            if status == 401 and attempt == 1:  # a token lives for some minutes
                self._log_in()
                continue
            said = self._said(body)
            if status in _NOT_THERE:
                raise NotThere(f"{status} {said}".strip())
            raise ImportFailed(f"GET {path}: {status} {said}".strip())
        raise ImportFailed(f"GET {path}: 401 with a new token: the account may not use the REST API")

    def _said(self, body: Any) -> str:
        """The server's own words in one line of limited length, without secrets: these are struck before it is cut."""
        if not isinstance(body, dict):
            return ""
        words = [body.get(key) for key in ("errorCode", "error", "message", "error_description")]
        told = [" ".join(self._secrets.struck(word).split())[:300] for word in words if isinstance(word, str)]
        return ": ".join(filter(None, told))

    # --- one question, and again --------------------------------------------------------------------------------------

    def _ask(self, method: str, path: str, headers: dict[str, str], **more: Any) -> tuple[int, Any]:
        """Status and JSON of an answer. After a failure that may pass it is asked again, with growing waits."""
        for attempt in range(1, ATTEMPTS + 1):
            wait = min(2.0 ** (attempt - 1) * random.uniform(1.0, 1.25), LONGEST_WAIT)  # noqa: S311 - spreads, hides nothing
            if (left := self._end - time.monotonic()) <= 0:
                raise ImportFailed(f"{self._url}: more than {LONGEST_READ:g} seconds in all: given up")
            try:
                answer = exchange(self._client, method, path, headers, more, min(left, LONGEST_ANSWER))
                self._bytes += len(answer.text)
                if self._bytes > LARGEST_TOTAL:
                    raise ImportFailed(f"{self._url}: more than {LARGEST_TOTAL} bytes in all: given up")
                if answer.status not in _AGAIN or attempt == ATTEMPTS:
                    return answer.status, _parsed(method, path, answer)
                wait = max(wait, _retry_after(answer.headers))
            except httpx.RequestError as error:
                nobody_there = isinstance(error, httpx.ConnectError) and not self._token
                if attempt == ATTEMPTS or nobody_there or is_about_certificates(error):
                    raise ImportFailed(f"{self._url}: {transport_failure(error, self._login)}") from None
            self._sleep(min(wait, LONGEST_WAIT))
        raise AssertionError("the last attempt returns or raises")


def _parsed(method: str, path: str, answer: Answer) -> Any:
    if 300 <= answer.status < 400:
        where = answer.headers.get("location", "nowhere")[:200]
        raise ImportFailed(f"{method} {path}: redirects to {where}: not followed; give the API's own address as --url")
    try:
        return read_json(answer.text) if answer.text.strip() else None
    except BadJson as error:
        if answer.status >= 400:
            return None
        html = answer.text.lstrip()[:1] == b"<"
        what = ": is this the port of the REST API (9419, or 443 from 13.1 on)?" if html else ""
        raise ImportFailed(f"{method} {path}: the answer {error}{what}") from None


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
    return float(value) if re.fullmatch(r"[0-9]{1,9}", value) else 0.0  # a date is not waited for
