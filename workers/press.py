"""Draws PDFs on a clock of its own, beside the drains: LibreOffice takes seconds, and no event, notice or deadline waits for it."""

from services.documents.press import press_waiting
from workers.drain import Drain

#: No task of Celery's: nobody rings for it, and the clock alone is soon enough.
PRESS = Drain("gongjian.press", press_waiting, every_seconds=2.0)
