"""Whether this counter is about to close: what answers without end ends then."""

from threading import Event

#: Set once, by the signal that ends the process (api/server.py).
CLOSING = Event()
