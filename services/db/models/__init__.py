"""All tables. Import this where the whole schema is needed; elsewhere import from the module that owns the table."""

from services.db.models import (
    access,
    casework,
    channel,
    directory,
    ledger,
    mail,
    meeting,
    official,
    paper,
    uploads,
    workplace,
)

__all__ = [
    "access",
    "casework",
    "channel",
    "directory",
    "ledger",
    "mail",
    "meeting",
    "official",
    "paper",
    "uploads",
    "workplace",
]
