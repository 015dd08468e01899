"""The demo as `make run` starts it, and a real Chromium in front of it. Chromium is Debian's; none is downloaded."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from threading import Thread

import psutil
import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from api.app import create_app
from api.closing import CLOSING
from api.web.session import SESSION
from services.clock import SettableClock
from services.demo.hands import examples
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import BEGAN, UNHURRIED, Town, found
from tests.waiting import until

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
def page_of(chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens a page in Chinese before an address; whatever the browser complained about, policy violations among it, fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_(address: str) -> Page:
        context = chromium.new_context(
            base_url=address, locale="zh-CN", viewport={"width": 1366, "height": 768}
        )
        contexts.append(context)
        made = context.new_page()
        made.on("console", lambda message: complaints.append(message.text) if _complains(message) else None)
        made.on("pageerror", lambda error: complaints.append(str(error)))
        made.on("requestfailed", lambda request: complaints.append(request.url) if _fails(request) else None)
        return made

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(page_of: Callable[[str], Page], demo: str) -> Page:
    """A page before the demo."""
    return page_of(demo)


class Street:
    """A town of its own whose clock the story moves, served over HTTP, and a browser in which its people act on the pages."""

    def __init__(self, town: Town, page: Page, address: str) -> None:
        self.town, self.page, self.address = town, page, address

    def is_(self, account: str) -> "Street":
        """From here on this person sits before the browser, signed in."""
        token = self.town.session(account)
        self.page.context.clear_cookies(name=SESSION)
        self.page.context.add_cookies([{"name": SESSION, "value": token, "url": self.address}])
        return self

    def opens(self, code: str) -> None:
        """The page of the enterprise's case."""
        self.page.goto(f"/cases?uscc={code}")
        self.page.locator("main table a").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def does(self, account: str, code: str, procedure: str, step: str, **fields: object) -> None:
        """The step, typed into its form on the page of the case; what is not given is filled in from the form's own examples. The
        workers have done their part afterwards."""
        self.is_(account).opens(code)
        self._takes(account, procedure, step, fields)

    def does_in(self, case: int | str, account: str, procedure: str, step: str, **fields: object) -> None:
        """The same on the page of the file of this number."""
        self.is_(account).page.goto(f"/cases/{case}")
        self._takes(account, procedure, step, fields)

    def begins(self, account: str, procedure: str, opening: str, **fields: object) -> str:
        """Something that people begin themselves, typed into its form; the number of its file."""
        self.is_(account).page.goto("/begin")
        declared = next(
            one for one in self.town.runtime.law.current(procedure).openings if one.name == opening
        )
        with self.town.runtime.reading(self.town.hands.actor(account)) as unit:
            given = examples(unit, declared) | fields
        self._sends(self.page.locator(f'form[action*="/{procedure}/{opening}"]'), given)
        self.town.settle()
        return self.page.url.partition("/cases/")[2].partition("?")[0]

    def _takes(self, account: str, procedure: str, step: str, fields: Mapping[str, object]) -> None:
        law = self.town.runtime.law.current(procedure)
        with self.town.runtime.reading(self.town.hands.actor(account)) as unit:
            given = examples(unit, law.step[step]) | fields
        self._sends(self.page.locator(f'form[action*="/{step}#"]').last, given)
        self.town.settle()

    def _sends(self, form: Locator, given: Mapping[str, object]) -> None:
        box = self.page.locator("details.step").filter(has=form).last
        if box.get_attribute("open") is None:
            box.locator("summary").click()
        for name, value in given.items():
            self._fill(form, name, value)
        for chooser in form.locator("input[type=file]").all():
            chooser.set_input_files(
                {"name": "材料.txt", "mimeType": "text/plain", "buffer": "材料\n".encode()}
            )
        form.locator("button").click()
        expect(self.page.get_by_role("status").filter(has_text="已办理")).to_be_visible()

    @staticmethod
    def _fill(form: Locator, name: str, value: object) -> None:
        control = form.locator(f'[name$=".{name}"]')
        kind = control.first.get_attribute("type")
        if kind == "radio":
            form.locator(f'[name$=".{name}"][value="{str(value).lower()}"]').check()
        elif control.first.evaluate("it => it.tagName") == "SELECT":
            control.select_option(str(value))
        else:
            control.fill(str(value))

    def later(self, days: int) -> None:
        """So many days on; whatever fell due has been done."""
        self.town.clock.advance(timedelta(days=days))
        self.town.settle()


@pytest.fixture
def street(make_runtime: Callable[..., Runtime], page_of: Callable[[str], Page]) -> Iterator[Street]:
    clock = SettableClock(BEGAN)
    runtime = make_runtime(clock=clock)
    found(runtime)
    server = uvicorn.Server(
        uvicorn.Config(create_app(runtime), host="127.0.0.1", port=0, log_level="error", access_log=False)
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, 20, what="the counter is open")
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    page = page_of(address)
    yield Street(Town(runtime, clock), page, address)
    page.goto("about:blank")  # it asks for nothing any more
    CLOSING.set()
    server.should_exit = True
    thread.join(20)
    CLOSING.clear()
