"""Brings a database to the schema of this code, by alembic, whatever it held before."""

from importlib.resources import files

from alembic import command
from alembic.config import Config

from services.settings import Settings


def config(url: str) -> Config:
    """Alembic's configuration for one database; the scripts ship inside the package."""
    found = Config()
    found.set_main_option("script_location", str(files("services.db") / "migrations"))
    found.attributes["database_url"] = url
    return found


def upgrade(settings: Settings) -> None:
    """The home is there and the database has today's tables. Harmless when it already has."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    command.upgrade(config(settings.database), "head")
