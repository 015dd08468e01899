"""`gongjian emit`: an event handed in from a file, here or to a service elsewhere."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from api.cli.desk import REFUSED, AsJson, Refusal, desk
from services.access.signatures import sign
from services.intake import strict_json
from services.intake.receive import receive_raw
from services.intake.wire import BATCH, STRUCTURED
from workflows.errors import Fault
from workflows.words import Text

_NO_ANSWER = Text("{url} 没有应答：{why}", "{url} did not answer: {why}")
_ODD_ANSWER = Text(
    "{url} 的应答（{status}）看不懂。", "{url} answered {status} in a way we do not understand."
)


def emit(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CloudEvents JSON。")
    ],
    url: Annotated[
        str | None, typer.Option(help="发往哪里，如 http://127.0.0.1:8000。Where to; here, if left out.")
    ] = None,
    token: Annotated[
        str | None, typer.Option(envvar="GONGJIAN_TOKEN", help="登记机关的令牌。The office's token.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            envvar="GONGJIAN_SIGNING_KEY",
            help="登记机关的签名密钥 whsec_… 或 whsk_…。The office's signing key.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """送交一个事件或一批事件。Hands in one event, or an array of them."""
    if url is not None and not token:
        raise typer.BadParameter("使用 --url 时须给出 --token / --url needs --token", param_hint="--token")
    with desk(as_json=as_json) as here:
        limit = here.settings.limits.event_bytes
        if file.stat().st_size > limit:
            raise Fault("too_large", field="file", limit=limit.human_readable())
        content = file.read_bytes()
        media = BATCH if content.lstrip()[:1] == b"[" else STRUCTURED
        if url is not None and token:
            signature = {} if not key else sign(key, _message_id(content, media), datetime.now(UTC), content)
            receipts = _sent(url, token, content, media, signature)
        else:
            taken = receive_raw(here.runtime, content, media, {}, None, "cli")
            receipts = [
                {"id": one.id, "source": one.source, "status": one.status}
                | {"reason": one.reason.as_dict() if one.reason else None}
                for one in taken
            ]
        here.done({"receipts": receipts}, *(_line(one) for one in receipts))
        if any(one.get("status") == "rejected" for one in receipts):
            raise typer.Exit(REFUSED)


def _message_id(content: bytes, media: str) -> str:
    """An event is signed under its own id, a batch under one of its own."""
    if media == BATCH:
        return f"batch-{uuid.uuid4().hex}"
    said = strict_json.read(content)
    return str(said.get("id", "")) if isinstance(said, dict) else ""


def _sent(
    url: str, token: str, content: bytes, media: str, signature: Mapping[str, str]
) -> list[dict[str, object]]:
    """The receipts of a service elsewhere, or its own reason for giving none."""
    headers = {"Content-Type": media, "Authorization": f"Bearer {token}"} | dict(signature)
    try:
        answer = httpx2.post(
            f"{url.rstrip('/')}/api/v1/events", content=content, headers=headers, timeout=30.0
        )
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise Refusal(
            "no_answer", _NO_ANSWER.filled(url=url, why=str(error) or type(error).__name__)
        ) from error
    odd = Refusal("answer_odd", _ODD_ANSWER.filled(url=url, status=answer.status_code))
    try:
        said = answer.json()
    except ValueError as error:
        raise odd from error
    match said:
        case {"receipts": [*receipts]} if answer.status_code == httpx2.codes.ACCEPTED:
            return [one for one in receipts if isinstance(one, dict)]
        case {"code": str(code), "message": {"zh": str(zh), "en": str(en)}} if zh and en:
            raise Refusal(code, Text(zh, en))
    raise odd


def _line(receipt: dict[str, object]) -> str:
    mark = "✗" if receipt.get("status") == "rejected" else "✓"
    line = f"{mark} {receipt.get('status')} {receipt.get('source')} {receipt.get('id')}"
    match receipt.get("reason"):
        case {"zh": zh, "en": en}:
            return f"{line}\n  {zh}\n  {en}"
        case str(reason):
            return f"{line}\n  {reason}"
    return line
