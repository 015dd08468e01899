"""`gongjian up`: the whole service in one foreground command."""

from typing import Annotated

import typer

from api.cli.desk import AsJson, desk
from api.cli.up import up as run_service


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="载入演示区和演示账号。Load the demo area and its accounts.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """启动全部服务，Ctrl-C 停止。Runs everything until Ctrl-C."""
    with desk(as_json=as_json) as here:
        code = run_service(here.settings, demo)
        here.done({"exit": code})
    raise typer.Exit(code)
