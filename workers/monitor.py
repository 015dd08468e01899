"""How Flower is run: read-only, on loopback, behind a password, keeping nothing.

Its secrets travel by environment, because anybody on the machine can read a command line."""

import hashlib
import os
import secrets
from collections.abc import Mapping

from services.settings import Settings


def flower_arguments(settings: Settings) -> list[str]:
    """What follows `celery -A workers.app`; the empty configuration keeps a stray flowerconfig.py out."""
    return [
        "flower",
        "--address=127.0.0.1",
        f"--port={settings.flower_port}",
        "--read_only=true",
        "--persistent=false",
        "--enable_events=true",
        "--max_tasks=10000",
        "--max_workers=100",
        "--purge_offline_workers=60",
        f"--conf={os.devnull}",
        f"--logging={settings.log_level}",
    ]


def flower_environment(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with Flower's password in it, and without any switch that would open it to strangers.

    Without a password of the house nobody can sign in: a random one is set that nobody has seen."""
    kept = {name: value for name, value in environment.items() if not name.startswith("FLOWER_")}
    known = settings.flower_password
    password = known.get_secret_value() if known is not None else secrets.token_urlsafe(32)
    cookie = hashlib.sha256(b"gongjian flower cookie\0" + password.encode()).hexdigest()
    return kept | {"FLOWER_BASIC_AUTH": f"{settings.flower_user}:{password}", "FLOWER_COOKIE_SECRET": cookie}
