"""`gongjian ledger` and `gongjian verify`: checkpoints, witnesses, bundles, and whether everything is as it was written."""

from datetime import date
from pathlib import Path
from typing import Annotated
from zipfile import is_zipfile

import typer

from api.cli.desk import AsJson, Desk, Refusal, desk
from services.actor import SERVICE
from services.db.queries.ledger import checkpoint as newest
from services.db.queries.ledger import continuation
from services.ledger.bundle import Scope, export
from services.ledger.cosign import add_witness, cosign, drop_witness
from services.ledger.erase import erase
from services.ledger.fsck import Trust, Verdict
from services.ledger.identity import identity
from services.ledger.lying_here import verify_here as verify_all
from services.ledger.notes import Key, Note
from services.ledger.replay_here import replay_here
from services.ledger.scrub import scrub
from services.ledger.verify import Bundle, kept_elsewhere
from services.ledger.verify import verify as verify_bundle
from workflows.errors import Fault
from workflows.plain import day_of
from workflows.words import Text

app = typer.Typer(no_args_is_help=True, help="存证账本 / the ledger")

LogKey = Annotated[
    str | None, typer.Option("--log", help="账本公钥，一整行。The log's public key, the whole line.")
]
WitnessKeys = Annotated[
    list[str] | None,
    typer.Option("--witness", help="见证人公钥，可多次给出。A witness's public key; may be repeated."),
]
Kept = Annotated[
    list[Path] | None,
    typer.Option(
        "--kept",
        help="留存在外的检查点文件或存证包，可多次给出。A checkpoint or a bundle that was kept elsewhere; may be repeated.",
    ),
]


@app.command()
def checkpoint(
    size: Annotated[
        int | None, typer.Option(help="多少条时的检查点。The checkpoint of so many entries.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """给出最新的检查点，可存放他处。The newest checkpoint, to be kept elsewhere."""
    with desk(as_json=as_json) as here, here.runtime.reading(SERVICE) as unit:
        found = newest(unit, size)
        here.done(found, found["note"].rstrip("\n"))


@app.command()
def request(
    known: Annotated[
        int, typer.Option(help="见证人已签到第几条。For how many entries the witness has signed.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """导出给见证人的请求。What a witness is asked to sign; carry it to him as a file."""
    with desk(as_json=as_json) as here, here.runtime.reading(SERVICE) as unit:
        text = continuation(unit, known)
        here.done({"request": text}, text.rstrip("\n"))


@app.command("cosign")
def take_cosignature(
    size: Annotated[
        int, typer.Argument(help="所签检查点的条数。The size of the checkpoint that was signed.")
    ],
    file: Annotated[
        Path, typer.Argument(help="见证人给出的签名行。The lines that the witness wrote.", exists=True)
    ],
    as_json: AsJson = False,
) -> None:
    """收下见证人的签名。Takes in what a witness signed."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            taken = cosign(unit, size, file.read_text("utf-8"))
        here.done({"taken": taken}, f"✓ 收下{taken}个签名 / {taken} taken")


@app.command("witness")
def add(
    body: Annotated[str, typer.Argument(help="单位代码。The body's code.")],
    key: Annotated[str, typer.Argument(help="见证人公钥，一整行。The witness's public key, the whole line.")],
    as_json: AsJson = False,
) -> None:
    """登记一个单位的见证人公钥。Registers the key by which a body witnesses."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            read = add_witness(unit, body, key)
        here.done({"name": read.name}, f"✓ {body} {read.name}")


@app.command("dismiss")
def dismiss(
    name: Annotated[str, typer.Argument(help="见证人名称。The witness's name.")], as_json: AsJson = False
) -> None:
    """不再接受这个见证人的签名，已签的保留。This witness's lines are taken no more; those it has signed stay."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            drop_witness(unit, name)
        here.done({"name": name}, f"✓ {name}")


@app.command("export")
def export_bundle(
    file: Annotated[Path, typer.Argument(help="写入的文件，.zip。The file to write.")],
    case: Annotated[int | None, typer.Option(help="只要这个案卷。Only this case.")] = None,
    division: Annotated[str, typer.Option(help="只要这个区划。Only this division.")] = "",
    first: Annotated[str, typer.Option("--from", help="自哪一天。From which day.")] = "",
    last: Annotated[str, typer.Option("--to", help="至哪一天。To which day.")] = "",
    names: Annotated[
        str,
        typer.Option(
            help="连同涉及个人的内容和佐证材料，写明理由。With what is said about persons and the documents, for this reason."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """导出存证包：案卷、一地一时期，或全部。A bundle: of a case, of a place in a period, or everything."""
    with desk(as_json=as_json) as here:
        if (first or last) and not division:
            raise Refusal("usage", _DAYS, exit_code=2)
        scope = Scope(case, division, _day("from", first), _day("to", last), names)
        count = export(here.runtime, here.actor, scope, file)
        here.done({"entries": count, "file": str(file)}, f"✓ {count}条 / {count} entries → {file}")


@app.command("erase")
def erase_value(
    case: Annotated[int, typer.Argument(help="案卷号。The case.")],
    line: Annotated[int, typer.Argument(help="办理过程的第几行。The line of its history.")],
    field: Annotated[
        str, typer.Argument(help="哪一栏；意见写 opinion。Which field; opinion for the opinion.")
    ],
    ground: Annotated[
        str, typer.Option(help="法定理由：purpose、retention、consent、unlawful、other。The ground of law.")
    ],
    as_json: AsJson = False,
) -> None:
    """依法删除一处涉及个人的内容，不可恢复；证明不受影响。Erases one value about a person for good; every proof still holds."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            said = erase(unit, case, line, field, ground)
        here.done(
            {"case": case, "line": said},
            f"✓ 案卷{case}第{said}行记下了删除 / told in line {said} of case {case}",
        )


@app.command("scrub")
def scrub_pages(as_json: AsJson = False) -> None:
    """删除之后，把残留在空闲页里的字节也清掉；表会被占用片刻。After erasures: also the bytes in free pages go. It takes the tables for a while."""
    with desk(as_json=as_json) as here:
        scrub(here.runtime)
        here.done({}, "✓ 已清理 / scrubbed")


@app.command("verify")
def verify_here(
    log: LogKey = None, witness: WitnessKeys = None, kept: Kept = None, as_json: AsJson = False
) -> None:
    """核对整本账：条目、链、树、签名、留存的检查点，并由经过重演每个案卷。The whole log: entries, chains, tree, signatures, kept checkpoints; and every case made again from its lines."""
    with desk(as_json=as_json) as here, here.runtime.reading(SERVICE) as unit:
        own = identity(unit)
        if own is None:
            raise Fault("ledger_empty")
        trust = _trust(Key.read(log) if log else own.key, witness, kept)
        verdict = verify_all(unit, trust)
        replayed = 0
        for count, otherwise in replay_here(unit):
            replayed += count
            verdict.wrong += otherwise
        _say(here, verdict, keyless=log is None, replayed=replayed)


def verify(
    bundle: Annotated[Path, typer.Argument(help="存证包。The bundle.", exists=True, dir_okay=False)],
    log: LogKey = None,
    witness: WitnessKeys = None,
    kept: Kept = None,
    as_json: AsJson = False,
) -> None:
    """离线验证存证包，不需要数据库。Verifies a bundle offline; no database is needed."""
    with desk(as_json=as_json) as here:
        read = Bundle(bundle)
        trust = _trust(Key.read(log) if log else read.key, witness, kept)
        _say(here, verify_bundle(read, trust), keyless=log is None)


def _trust(log: Key, witness: list[str] | None, kept: list[Path] | None) -> Trust:
    notes, known = list[Note](), dict[int, bytes]()
    for path in kept or ():
        if is_zipfile(path):
            note, entries = kept_elsewhere(Bundle(path), log)
            known |= entries
        else:
            note = Note.read(path.read_text("utf-8", errors="replace"))
        notes.append(note)
    return Trust(log, [Key.read(one) for one in witness or ()], notes, known)


def _say(here: Desk, verdict: Verdict, *, keyless: bool, replayed: int | None = None) -> None:
    """`replayed`: how many cases were made again from their lines; None where that takes a database."""
    first = verdict.first
    told = {
        "ok": first is None,
        "entries": verdict.size,
        "root": verdict.root.hex(),
        "checkpoints": verdict.checkpoints,
        "witnessed": verdict.witnessed,
        "waiting": verdict.waiting,
        "first": first.number if first else None,
        "replayed": replayed,
        "wrong": [{"entry": one.number, **one.text.as_dict()} for one in verdict.wrong[:100]],
    }
    lines = [
        f"{verdict.size}条，{verdict.checkpoints}个检查点，见证到第{verdict.witnessed}条，待编入{verdict.waiting}处",
        f"{verdict.size} entries, {verdict.checkpoints} checkpoints, witnessed up to {verdict.witnessed}, {verdict.waiting} still to be taken in",
    ]
    if replayed is not None:
        lines += [f"由经过重演{replayed}个案卷 / {replayed} cases made again from their lines"]
    if keyless:
        lines += [_KEYLESS.zh, _KEYLESS.en]
    if first is not None:
        lines += [f"✗ {one.text.zh}\n  {one.text.en}" for one in verdict.wrong[:20]]
        here.done(told, *lines)
        raise typer.Exit(1)
    here.done(told, *lines, "✓ 与写下时一致 / all is as it was written")


def _day(name: str, said: str) -> date | None:
    if not said:
        return None
    day = day_of(said)
    if day is None:
        raise Refusal("usage", _NO_DAY.filled(name=name), exit_code=2)
    return day


_KEYLESS = Text(
    "未给 --log：用的是就近取得的公钥，只能证明前后一致；请用从别处取得的公钥再核对。",
    "No --log: the key is the one that lies here, which proves no more than agreement; bring one from elsewhere.",
)
_DAYS = Text("--from 和 --to 只与 --division 同用。", "--from and --to go with --division only.")
_NO_DAY = Text("--{name} 应写作 2019-01-02。", "--{name} is written as 2019-01-02.")
