"""The two profiles the service is broken on, and the figures a run leaves behind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.settings import Settings  # noqa: F401
from tests.conftest import NO_POSTGRES, POSTGRES
from tests.crash.service import Parts, Service, own_database, own_virtual_host, service
from tests.workers.conftest import RABBIT
