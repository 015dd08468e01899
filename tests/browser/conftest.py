"""The demo as `make run` starts it, and a real Chromium in front of it. Chromium is Debian's; none is downloaded."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from services.settings import Settings
from tests.builders import UNHURRIED

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WANTED = bool(os.environ.get("GONGJIAN_TEST_BROWSER"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demo; every process of it is gone afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        ports = (one.getsockname()[1], other.getsockname()[1])
    home = tmp_path_factory.mktemp("demo")
    settings = Settings(
        home=home,
        database_url=None,
        broker_url=None,
        port=ports[0],
        flower_port=ports[1],
        limits=UNHURRIED,
    )
    with (home / "up.err").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli.main", "up", "--demo"],
            env=dict(os.environ) | settings.as_environment(),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert said.startswith("READY "), (home / "up.err").read_text()
        yield said.split()[1]
    finally:
        left = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        process.wait(20)
        _, stubborn = psutil.wait_procs(left, timeout=5)
        assert stubborn == [], "Ctrl-C left processes behind"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if WANTED:
            pytest.fail("make test-browser needs Debian's chromium")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )
        yield browser
        browser.close()


def _complains(message: ConsoleMessage) -> bool:
    """What is refused is answered with a status of 400 and more, which the browser notes; that is no fault of the page."""
    return message.type in ("error", "warning") and "status of 4" not in message.text


def _fails(request: Request) -> bool:
    """A request given up because the page was left is no failure."""
    return "ERR_ABORTED" not in (request.failure or "")


@pytest.fixture
def page(chromium: Browser, demo: str, tmp_path: Path) -> Iterator[Page]:
    """A page in Chinese; whatever the browser complained about, policy violations among it, fails the test."""
    context = chromium.new_context(base_url=demo, locale="zh-CN", viewport={"width": 1366, "height": 768})
    made = context.new_page()
    complaints: list[str] = []
    made.on("console", lambda message: complaints.append(message.text) if _complains(message) else None)
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("requestfailed", lambda request: complaints.append(request.url) if _fails(request) else None)
    yield made
    context.close()
    assert complaints == []
