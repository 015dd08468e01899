"""`gongjian secret`: the key under which secrets lie sealed, changed while the service runs."""

from collections.abc import Callable

import typer

from api.cli.desk import AsJson, desk
from services.access.reseal import renew as renew_key
from services.access.reseal import settle as settle_keys
from services.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="密封密钥 / the key that seals")


@app.command()
def renew(as_json: AsJson = False) -> None:
    """换一把新密钥，旧的仍能解封；不必停机。A new key seals; the older ones still open. Nothing stops."""
    _done(renew_key, as_json)


@app.command()
def settle(as_json: AsJson = False) -> None:
    """全部改用最新的密钥，并去掉文件里的旧密钥。All lies under the newest key, and those on file before it are gone."""
    _done(settle_keys, as_json)


def _done(work: Callable[[Runtime], int], as_json: bool) -> None:
    with desk(as_json=as_json) as here:
        count = work(here.runtime)
        here.done({"resealed": count}, f"✓ 重新密封{count}项 / {count} sealed afresh")
