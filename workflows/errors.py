"""Every fault the house can tell a person; its code and sentences stand in `workflows/catalogue`.

Nothing here knows HTTP; `api/problems.py` turns a family into a status once.
"""

from workflows.catalogue import CATALOGUE, Family

__all__ = ["CATALOGUE", "Family", "Fault", "LawError", "Refused"]


class Fault(Exception):
    """A fault that a person can act on: `code` from the catalogue, `text` in two languages, perhaps the field, perhaps the
    seconds `after` which it is worth trying again."""

    after: int | None = None

    def __init__(self, code: str, /, *, field: str | None = None, **values: object) -> None:
        self.code = code
        self.family, template = CATALOGUE[code]
        self.text = template.filled(**values) if values else template
        self.field = field
        super().__init__(f"{code}: {self.text.en}")


class Refused(Fault):
    """The law refuses a step; `text` says why."""


class LawError(Exception):
    """A procedure is written wrongly. Raised when it is built, never at the counter."""
