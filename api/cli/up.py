"""`gongjian up`: the whole service in one foreground command, and nothing left of it after Ctrl-C."""

import fcntl
import http.client
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from api.cli.supervisor import Child, Told, supervise
from api.server import HOST
from services.access.sealed import ensure_key
from services.db.upgrade import upgrade
from services.demo.town import load
from services.runtime import forget, runtime
from services.settings import Settings
from workflows.words import Text

LOG_BYTES = 20_000_000
FLOWER_PASSWORD_BYTES = 24

PORT_TAKEN = Text(
    "{port}端口已被占用：请关闭占用它的程序，或用{variable}另设端口。",
    "Port {port} is in use: stop the program that holds it, or choose another with {variable}.",
)
ALREADY_UP = Text(
    "{home}里的服务已经在运行：请先停掉它，或用GONGJIAN_HOME另设目录。",
    "The service in {home} is already running: stop it first, or choose another folder with GONGJIAN_HOME.",
)
DIED = Text(
    "{name}意外退出（{code}），{pause:.0f}秒后重新启动，详见{log}。",
    "{name} ended unexpectedly ({code}); it is started again in {pause:.0f} s. See {log}.",
)
NOT_READY = Text("{name}没能启动，详见{log}。", "{name} could not be started; see {log}.")


def up(settings: Settings, demo: bool) -> int:
    """The service ran until it was told to stop (0), or could not run (1)."""
    logs, run, _ = settings.folder("log"), settings.folder("run"), settings.folder("broker")
    settings.home.chmod(0o700)
    with _only_one(run / "up.lock") as alone:
        if not alone:
            return _refuse(ALREADY_UP.filled(home=settings.home))
        for variable, port in (
            ("GONGJIAN_PORT", settings.port),
            ("GONGJIAN_FLOWER_PORT", settings.flower_port),
        ):
            if not _is_free(port):
                return _refuse(PORT_TAKEN.filled(port=port, variable=variable))
        settings = _with_secrets(settings)
        os.environ.update(settings.as_environment())
        try:
            upgrade(settings)
            if demo:
                load(runtime())
            runtime().close()  # the children open the database for themselves
            forget()
        except KeyboardInterrupt:  # while nothing runs yet
            return 0
        return _run(settings, logs, run)


def children(settings: Settings, logs: Path, run: Path) -> list[Child]:
    """The four processes of the service, by their command lines."""
    began = time.time()
    alive = run / "worker.alive"

    def child(name: str, ready: Callable[[], bool], *arguments: str) -> Child:
        return Child(
            name,
            [sys.executable, "-m", *arguments],
            _environment(settings),
            ready,
            _rotated(logs / f"{name}.log"),
        )

    return [
        child(
            "api",
            lambda: _answers(settings.port, "/readyz"),
            "api.server",
        ),
        child("worker", lambda: alive.exists() and alive.stat().st_mtime > began, "workers.launch", "worker"),
        child("beat", lambda: True, "workers.launch", "beat"),
        child("flower", lambda: _answers(settings.flower_port, "/healthcheck"), "workers.launch", "flower"),
    ]


def _run(settings: Settings, logs: Path, run: Path) -> int:
    def log_of(name: str) -> Path:
        return logs / f"{name}.log"

    return supervise(
        children(settings, logs, run),
        told=Told(
            all_ready=lambda: print(f"READY http://{HOST}:{settings.port}", flush=True),
            died=lambda name, code, pause: _say(
                DIED.filled(name=name, code=code, pause=pause, log=log_of(name))
            ),
            given_up=lambda name: _say(NOT_READY.filled(name=name, log=log_of(name))),
        ),
    )


def _environment(settings: Settings) -> Mapping[str, str]:
    return dict(os.environ) | settings.as_environment() | {"PYTHONUNBUFFERED": "1"}


def _with_secrets(settings: Settings) -> Settings:
    """The same settings with a secret for each that was unset: made once, and kept in the home, 0600.

    The key that seals stays on file, where it can be changed while the service runs."""
    ensure_key(settings)
    if settings.flower_password is not None:
        return settings
    path = settings.folder("secrets") / "flower_password"
    if not path.exists() or not path.read_text().strip():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(FLOWER_PASSWORD_BYTES))
    return settings.model_copy(update={"flower_password": SecretStr(path.read_text().strip())})


@contextmanager
def _only_one(path: Path) -> Iterator[bool]:
    """True for the first who comes, until it leaves or dies."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _is_free(port: int) -> bool:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except OSError:
            return False
    return True


def _answers(port: int, path: str) -> bool:
    line = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        line.request("GET", path)
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _rotated(log: Path) -> Path:
    """The log to write to; a large one has become `.1`."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    return log


def _say(text: Text) -> None:
    print(f"{text.zh}\n{text.en}", file=sys.stderr, flush=True)


def _refuse(text: Text) -> int:
    _say(text)
    return 1
