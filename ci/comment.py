"""Post a note of ``gwplan diff`` as the one comment of a pull request on GitHub, or update the one that is there.

A comment is found again by the first line of the note, and only if it is ours. Where the token may not write, as that
of a fork, or where there is no pull request, the note goes to the summary of the job. Usage: comment.py NOTE.md
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any


def main() -> None:
    note = Path(sys.argv[1]).read_text("utf-8")
    number = pull_request()
    if number is None:
        to_summary(note, "this run is for no pull request")
        return
    try:
        post(note, f"/repos/{os.environ['GITHUB_REPOSITORY']}/issues", number)
    except urllib.error.HTTPError as error:
        if error.code not in (401, 403, 404):
            raise SystemExit(f"the comment was not written: {error.code} {error.reason}") from None
        to_summary(note, f"the token may not write a comment ({error.code})")
    except (OSError, HTTPException, ValueError) as error:  # no answer, or none that can be read
        raise SystemExit(f"the comment was not written: {error}") from None


def pull_request() -> int | None:
    """Its number, as the event says it."""
    event = os.environ.get("GITHUB_EVENT_PATH")
    told = json.loads(Path(event).read_text("utf-8")) if event else {}
    number = told.get("pull_request", {}).get("number")
    return number if isinstance(number, int) else None


def post(note: str, issues: str, number: int) -> None:
    marker = note.partition("\n")[0]
    author = os.environ.get("COMMENT_AUTHOR", "github-actions[bot]")
    for comment in comments(f"{issues}/{number}/comments"):
        is_ours = (comment.get("user") or {}).get("login") == author
        if is_ours and (comment.get("body") or "").splitlines()[:1] == [marker]:
            ask("PATCH", f"{issues}/comments/{int(comment['id'])}", {"body": note})
            return
    ask("POST", f"{issues}/{number}/comments", {"body": note})


def comments(path: str) -> Iterator[dict[str, Any]]:
    """All of them, page by page."""
    page = 1
    while found := ask("GET", f"{path}?per_page=100&page={page}"):
        yield from found
        page = page + 1 if len(found) == 100 else 0
        if not page:
            return


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token is for the one host: it follows nobody elsewhere."""

    def redirect_request(self, *_args: Any, **_keys: Any) -> None:
        return None


def ask(method: str, path: str, body: dict[str, str] | None = None) -> Any:
    """One request; the token goes in its header and nowhere else."""
    request = urllib.request.Request(  # noqa: S310 - of the host that the runner names
        os.environ.get("GITHUB_API_URL", "https://api.github.com") + path,
        data=json.dumps(body).encode() if body else None,
        method=method,
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Content-Type": "application/json",
            "User-Agent": "gwplan",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    with urllib.request.build_opener(NoRedirects).open(request, timeout=60) as answer:
        return json.loads(answer.read())


def to_summary(note: str, why: str) -> None:
    sys.stdout.write(f"{why}: the note is in the summary of the job\n")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(note + "\n")


if __name__ == "__main__":
    main()
