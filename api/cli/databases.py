"""`gongjian db`: the tables of this version."""

import typer

from api.cli.desk import AsJson, desk
from services.actor import SERVICE
from services.checkup import schema
from services.db.upgrade import upgrade as upgrade_tables

app = typer.Typer(no_args_is_help=True, help="数据库 / database")


@app.callback()
def _group() -> None:
    """数据库 / database"""


@app.command()
def upgrade(as_json: AsJson = False) -> None:
    """建表或升级到当前版本；重复运行无害。Makes or upgrades the tables; harmless to repeat."""
    with desk(as_json=as_json) as here:
        upgrade_tables(here.settings)
        with here.runtime.reading(SERVICE) as unit:
            revision, _ = schema(unit)
        here.done({"revision": revision}, f"✓ 数据库已是{revision}版 / the database is at {revision}")
