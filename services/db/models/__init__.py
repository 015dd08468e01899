"""All tables. Import this where the whole schema is needed; elsewhere import from the module that owns the table."""

from services.db.models import casework, directory, mail, paper

__all__ = ["casework", "directory", "mail", "paper"]
