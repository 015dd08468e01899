"""`gongjian`: the command line, one module for each command."""

import logging
import os
import sys
from io import TextIOWrapper

import structlog
import typer

from api.cli import accounts, bodies, calendars, databases, keys, ledger, policies, sealing, setaside, witness
from api.cli.diagrams import diagram
from api.cli.doctor import doctor
from api.cli.events import emit
from api.cli.lists import import_
from api.cli.serve import up
from api.cli.usage import BothLanguages

app = typer.Typer(
    cls=BothLanguages,
    help="共建：新企业建工会、建党组织的流程服务。Unions and Party organisations in new enterprises.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(up)
app.add_typer(databases.app, name="db")
app.command("import")(import_)
app.command()(emit)
app.add_typer(accounts.app, name="account")
app.add_typer(keys.app, name="key")
app.add_typer(bodies.app, name="body")
app.add_typer(calendars.app, name="calendar")
app.add_typer(policies.app, name="policy")
app.add_typer(setaside.triage, name="triage")
app.add_typer(setaside.quarantine, name="quarantine")
app.add_typer(sealing.app, name="secret")
app.add_typer(ledger.app, name="ledger")
app.add_typer(witness.app, name="witness")
app.command()(ledger.verify)
app.command()(diagram)
app.command()(doctor)


def run() -> None:
    """The program. What a terminal cannot show becomes “?”; what is logged goes to stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    try:
        app(prog_name="gongjian")
    finally:
        _say_the_rest()


def _say_the_rest() -> None:
    """Whoever reads may have gone (`| head`); that is no fault, and nothing is said of it."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    run()
