"""The picture of a report in the README: `make pictures` takes it with Debian's chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent.parent


def main(picture: str) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page = Path(folder, "report.html")
        command = [sys.executable, "-m", "gwplan", "report", "inventories/two-sites.yaml", "--output", str(page)]
        subprocess.run(command, cwd=ROOT, check=True)
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1080, "height": 720}, color_scheme="light")
        shown.goto(page.as_uri())
        shown.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
