"""What a pull request gets: the action's own commands against a stand-in for the host, GitLab's job, the hook."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import ROOT

SMALL = (ROOT / "inventories" / "small.yaml").read_text("utf-8")
WORSE = SMALL.replace("gateway_servers: [gw01, gw02]", "gateway_servers: [gw02]")
TOKEN = "s3cret-t0ken"
MARKER = "<!-- gwplan diff inventory.yaml -->"
BOT = {"login": "github-actions[bot]"}


class Host:
    """A stand-in for GitHub: comments of one pull request, and every request that came."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str]] = []
        self.wrong: list[str] = []
        self.refuses = 0
        self.redirects = False
        self.garbles = False


@pytest.fixture
def host() -> Iterator[tuple[Host, str]]:
    told = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = int(re.search(r"page=(\d+)$", self.path)[1])  # type: ignore[index]
            self._answer(200, told.comments[(number - 1) * 100 : number * 100])

        def do_POST(self) -> None:
            self._write({"id": 7 + len(told.comments), "user": BOT})

        def do_PATCH(self) -> None:
            (one,) = (c for c in told.comments if self.path.endswith(f"/comments/{c['id']}"))
            self._write(one)

        def _write(self, comment: dict[str, Any]) -> None:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if set(given) != {"body"} or TOKEN in given["body"]:
                told.wrong.append(f"the body has {sorted(given)}")
            if told.refuses:
                self._answer(told.refuses, {"message": "Resource not accessible by integration"})
                return
            comment["body"] = given["body"]
            if comment not in told.comments:
                told.comments.append(comment)
            self._answer(201, comment)

        def _answer(self, code: int, body: Any) -> None:
            told.requests.append((self.command, self.path))
            if self.headers["Authorization"] != f"Bearer {TOKEN}" or TOKEN in self.path:
                told.wrong.append(f"{self.path}: the token is not in its header alone")
            if told.redirects:
                code = 302
            self.send_response(code)
            if code == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(b"<html>" if told.garbles else json.dumps(body).encode())

        def log_message(self, *_args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone of one commit, as a workflow gets it: the edit, without the base."""
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "--quiet")
    for text in (SMALL, WORSE):
        (origin / "inventory.yaml").write_text(text, "utf-8")
        git(origin, "add", "--all")
        git(origin, "commit", "--quiet", "--message", "edit")
        if text is SMALL:
            git(origin, "checkout", "--quiet", "-b", "edit")
    git(tmp_path, "clone", "--quiet", "--depth", "1", "--branch", "edit", f"file://{origin}", "checkout")
    return tmp_path / "checkout"


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder of the runner, with what the action installed."""
    folder = tmp_path / "temp"
    (folder / "gwplan" / "bin").mkdir(parents=True)
    for name, line in (("gwplan", f'exec {sys.executable} -m gwplan "$@"'), ("python", f'exec {sys.executable} "$@"')):
        program = folder / "gwplan" / "bin" / name
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
    return folder


def compare(
    checkout: Path, temporary: Path, api: str, event: Any = None, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """The step of the action, as it is written."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    (step,) = (step for step in action["runs"]["steps"] if step.get("name") == "Compare")
    of_run = temporary / "event.json"
    of_run.write_text(json.dumps({"pull_request": {"number": 5}} if event is None else event))
    defaults = {name: entry.get("default", "") for name, entry in action["inputs"].items()}
    given = {**defaults, "inventories": "inventory.yaml", "diff-against": "main", "token": TOKEN, **inputs}
    values = {f"inputs.{name}": text for name, text in given.items()} | {"github.action_path": str(ROOT)}
    environment = {
        name: re.sub(r"\$\{\{ ([a-z_.-]+) \}\}", lambda found: values[found[1]], text)
        for name, text in step["env"].items()
    }
    runner = {
        "RUNNER_TEMP": str(temporary), "GITHUB_EVENT_PATH": str(of_run), "GITHUB_REPOSITORY": "o/r",
        "GITHUB_API_URL": api, "GITHUB_STEP_SUMMARY": str(temporary / "summary.md"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return subprocess.run(["bash", "-e", "-c", step["run"]], cwd=checkout, capture_output=True, text=True, timeout=120,
                          env={**os.environ, **runner, **environment}, check=False)  # fmt: skip


ISSUE = "/repos/o/r/issues/5/comments"
LIST = ("GET", f"{ISSUE}?per_page=100&page=1")


def test_one_comment_is_written_and_then_updated(checkout: Path, temporary: Path, host: tuple[Host, str]) -> None:
    told, api = host
    first = compare(checkout, temporary, api)
    (checkout / "inventory.yaml").write_text(SMALL, "utf-8")
    second = compare(checkout, temporary, api)

    assert (first.returncode, second.returncode) == (1, 0), first.stderr + second.stderr
    assert told.requests == [LIST, ("POST", ISSUE), LIST, ("PATCH", "/repos/o/r/issues/comments/7")]
    assert [comment["body"].splitlines()[:2] for comment in told.comments] == [[MARKER, "### ✅ gwplan: same"]]
    assert told.wrong == []
    assert not (temporary / "summary.md").exists()
    assert TOKEN not in first.stdout + first.stderr + second.stdout + second.stderr


def test_only_our_own_comment_is_updated(checkout: Path, temporary: Path, host: tuple[Host, str]) -> None:
    told, api = host
    other = {"id": 3, "user": {"login": "mallory"}, "body": f"{MARKER}\nedit me"}
    told.comments = [{"id": 100 + n, "user": BOT, "body": f"{n}"} for n in range(99)] + [
        other, {"id": 4, "user": BOT, "body": f"quoted\n{MARKER}"}, {"id": 5, "user": BOT, "body": f"{MARKER}\nold"},
        {"id": 6, "user": None, "body": None},
    ]  # fmt: skip
    compare(checkout, temporary, api)

    assert [request for request in told.requests if request[0] != "GET"] == [("PATCH", "/repos/o/r/issues/comments/5")]
    assert other["body"] == f"{MARKER}\nedit me"
    assert len(told.requests) == 3


@pytest.mark.parametrize("code", [403, 404])
def test_where_the_token_may_not_write_the_summary_has_it(
    code: int, checkout: Path, temporary: Path, host: tuple[Host, str]
) -> None:
    told, api = host
    told.refuses = code
    done = compare(checkout, temporary, api, **{"diff-fail-on": "never"})

    assert (done.returncode, told.comments, told.wrong) == (0, [], [])
    assert (temporary / "summary.md").read_text("utf-8").startswith(f"{MARKER}\n### ❌ gwplan: worse\n")
    assert f"the token may not write a comment ({code}): the note is in the summary of the job" in done.stdout


@pytest.mark.parametrize("event", [{}, {"pull_request": {"number": "5/../6"}}])
def test_without_a_pull_request_the_summary_has_it_and_nobody_is_asked(
    event: dict[str, Any], checkout: Path, temporary: Path, host: tuple[Host, str]
) -> None:
    done = compare(checkout, temporary, host[1], event=event)

    assert (done.returncode, host[0].requests) == (1, [])
    assert (temporary / "summary.md").read_text("utf-8").startswith(f"{MARKER}\n")
    assert "this run is for no pull request: the note is in the summary of the job" in done.stdout


def test_each_inventory_has_one_comment_of_its_own(
    checkout: Path, temporary: Path, host: tuple[Host, str]
) -> None:
    told, api = host
    (checkout / "other.yaml").write_text(SMALL, "utf-8")
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--message", "other")
    for _ in range(2):
        compare(checkout, temporary, api, inventories="inventory.yaml other.yaml", **{"diff-against": "HEAD"})

    assert [request[0] for request in told.requests if request[0] != "GET"] == ["POST", "POST", "PATCH", "PATCH"]
    assert [comment["body"].partition("\n")[0] for comment in told.comments] == [
        MARKER, "<!-- gwplan diff other.yaml -->",
    ]  # fmt: skip


@pytest.mark.parametrize("trouble", ["garbles", "refuses"])
def test_an_answer_that_makes_no_sense_is_told_in_words(
    trouble: str, checkout: Path, temporary: Path, host: tuple[Host, str]
) -> None:
    told, api = host
    setattr(told, trouble, 500)
    done = compare(checkout, temporary, api)

    assert done.returncode == 1
    assert re.search("^the comment was not written: (500|Expecting value)", done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr


def test_the_token_follows_no_redirect(checkout: Path, temporary: Path, host: tuple[Host, str]) -> None:
    told, api = host
    told.redirects = True
    done = compare(checkout, temporary, api)

    assert (done.returncode, len(told.requests), told.wrong) == (1, 1, [])
    assert "the comment was not written: 302" in done.stderr


@pytest.mark.parametrize(
    "inputs",
    [
        {"diff-against": "no-such-branch"},
        {"diff-against": "--upload-pack=touch forged"},
        {"diff-against": "$(touch forged)"},
        {"inventories": "inventory.yaml; touch forged"},
    ],
)
def test_inputs_are_only_words(
    inputs: dict[str, str], checkout: Path, temporary: Path, host: tuple[Host, str]
) -> None:
    done = compare(checkout, temporary, host[1], **inputs)

    assert done.returncode != 0
    assert not (checkout / "forged").exists()


def test_an_inventory_that_cannot_be_read_is_told_in_the_comment(
    checkout: Path, temporary: Path, host: tuple[Host, str]
) -> None:
    (checkout / "inventory.yaml").write_text("gwplan: 1\n", "utf-8")
    done = compare(checkout, temporary, host[1])

    assert done.returncode == 2
    assert host[0].comments[0]["body"].splitlines()[1] == "### ❌ gwplan: the inventory cannot be read"


def test_the_job_of_gitlab_runs_as_written(checkout: Path, temporary: Path) -> None:
    job = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text("utf-8"))["gwplan-diff"]
    _, *commands = job["script"]
    variables = {**job["variables"], "GWPLAN_DIFF_INVENTORY": "inventory.yaml",
                 "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "PYTHONPATH": str(ROOT),
                 "PATH": f"{temporary / 'gwplan' / 'bin'}:{os.environ['PATH']}"}  # fmt: skip
    done = subprocess.run(["bash", "-e", "-c", "\n".join(commands)], cwd=checkout, capture_output=True, text=True,
                          env={**os.environ, **variables}, check=False, timeout=60)  # fmt: skip

    assert (done.returncode, done.stderr) == (1, "")
    assert (checkout / job["artifacts"]["paths"][0]).read_text("utf-8").startswith(f"{MARKER}\n")


def test_the_hook_compares_with_the_last_commit(checkout: Path, temporary: Path) -> None:
    _, hook = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    line = f"{hook['entry']} inventory.yaml"
    codes = []
    for text in (WORSE, WORSE.replace("[gw02]", "[gw01]")):
        (checkout / "inventory.yaml").write_text(text, "utf-8")
        path = f"{temporary / 'gwplan' / 'bin'}:{os.environ['PATH']}"
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path}
        done = subprocess.run(["bash", "-c", line], cwd=checkout, env=environment, capture_output=True, text=True,
                              check=False, timeout=60)  # fmt: skip
        codes.append(done.returncode)

    assert (hook["pass_filenames"], codes) == (False, [0, 1])
