"""`gongjian witness`: what a body runs that guards the ledger of another. It needs no database and no home of the service, but a folder of its own."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from api.cli.desk import AsJson, Desk, Refusal, desk
from services.ledger import witness
from services.ledger.notes import Checkpoint, Key
from workflows.words import Text

app = typer.Typer(no_args_is_help=True, help="见证人 / a witness of the ledger")

Folder = Annotated[Path, typer.Argument(help="见证人自己的文件夹。The witness's own folder.")]


@app.command()
def create(
    folder: Folder,
    name: Annotated[str, typer.Option(help="见证人名称，如 party.220204.example。Its name, without blanks.")],
    log: Annotated[str, typer.Option(help="账本公钥，一整行。The public key of the log, the whole line.")],
    as_json: AsJson = False,
) -> None:
    """建立见证人，给出要登记的公钥。Makes a witness, and shows the key that is to be registered."""
    with desk(as_json=as_json) as here:
        key = witness.create(folder, name, Key.read(log))
        here.done({"key": str(key)}, str(key))


@app.command()
def status(folder: Folder, as_json: AsJson = False) -> None:
    """公钥，以及已签到第几条。Its key, and for how many entries it has signed."""
    with desk(as_json=as_json) as here:
        key, known = witness.public(folder), witness.known(folder)
        size = known.size if known else 0
        here.done({"key": str(key), "known": size}, str(key), f"已签到第{size}条 / signed for {size} entries")


@app.command()
def sign(
    folder: Folder,
    file: Annotated[
        Path, typer.Argument(help="gongjian ledger request 导出的请求。The request.", exists=True)
    ],
    as_json: AsJson = False,
) -> None:
    """核对后签名，给出签名行。Signs what continues what it knows, and shows its line."""
    with desk(as_json=as_json) as here:
        size, line = _signed(folder, file.read_text("utf-8"))
        here.done({"size": size, "line": line}, line.rstrip("\n"))


@app.command()
def watch(
    folder: Folder,
    url: Annotated[str, typer.Option(help="服务地址，https://。The service's address.")],
    token_file: Annotated[
        Path, typer.Option(help="存有令牌的文件。The file that holds an account's token.", exists=True)
    ],
    every: Annotated[
        int, typer.Option(min=1, max=86_400, help="每隔多少秒；0次为一直。Seconds between two.")
    ] = 60,
    times: Annotated[int, typer.Option(min=0, help="做多少次，0为一直。How often; 0 for ever.")] = 0,
    as_json: AsJson = False,
) -> None:
    """按时去取、核对、签名、送回；一旦被改写即停下报告。Fetches, checks, signs and hands in, and stops when the past was rewritten."""
    with desk(as_json=as_json) as here:
        headers = {"Authorization": f"Bearer {token_file.read_text('utf-8').strip()}"}
        with httpx2.Client(base_url=url.rstrip("/"), headers=headers, timeout=30) as client:
            done = 0
            while True:
                _once(here, folder, client)
                done += 1
                if times and done >= times:
                    break
                threading.Event().wait(every)


def _once(here: Desk, folder: Path, client: httpx2.Client) -> None:
    known = witness.known(folder)
    size = known.size if known else 0
    try:
        asked = client.get("/api/v1/ledger/continuation", params={"known": size})
        if asked.status_code != 200:
            raise _refused(asked)
        size, line = _signed(folder, asked.text)
        taken = client.post("/api/v1/ledger/cosignatures", json={"size": size, "note": line})
    except httpx2.HTTPError as error:
        here.say(f"… {_AWAY.zh} {_AWAY.en} ({type(error).__name__})")
        return
    if taken.status_code != 201:
        raise _refused(taken)
    here.done({"size": size, "line": line}, f"✓ {size}")


def _signed(folder: Path, text: str) -> tuple[int, str]:
    request = witness.Request.read(text)
    return Checkpoint.read(request.note.text).size, witness.sign(folder, request, datetime.now(UTC))


def _refused(answer: httpx2.Response) -> Refusal:
    try:
        said = answer.json()
        code, zh, en = said["code"], said["message"]["zh"], said["message"]["en"]
    except (ValueError, KeyError, TypeError):
        code, zh, en = (
            "unreadable",
            f"服务答复{answer.status_code}。",
            f"The service answered {answer.status_code}.",
        )
    return Refusal(code, Text(zh, en))


_AWAY = Text("服务未应答，稍后再试。", "The service did not answer; trying again.")
