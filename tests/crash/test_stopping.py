"""Ctrl-C while events pour in: no process is left, and what was accepted is applied after the next start (F47)."""

import threading
import time

import psutil
import pytest
from httpx2 import TransportError

from tests.crash.checker import Books
from tests.crash.conftest import Note
from tests.crash.offices import Log, event, send
from tests.crash.service import Service, running

OFFICES = 4
FIRST_EVENTS = 40
