"""All tables. Import this where the whole schema is needed; elsewhere import from the module that owns the table."""

from services.db.models import access, casework, directory, mail, paper, uploads, workplace

__all__ = ["access", "casework", "directory", "mail", "paper", "uploads", "workplace"]
