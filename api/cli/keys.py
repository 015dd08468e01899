"""`gongjian key`: the keys with which offices sign what they send."""

from typing import Annotated

import typer

from api.cli.desk import AsJson, desk
from services.access.keys import add_key, key_pair, list_keys, retire_key
from services.actor import SERVICE

app = typer.Typer(no_args_is_help=True, help="登记机关的签名密钥 / offices' signing keys")

_NONE_LEFT = (
    "! 该机关已没有现用密钥：在用 gongjian key add 新增之前，它发来的一律不收，签不签名都不收。",
    "  The office has no live key left: until gongjian key add gives it one, nothing it sends is taken, signed or not.",
)

Office = Annotated[str, typer.Argument(help="单位代码，如 registry.220204。The office's code.")]


@app.command()
def add(
    office: Office,
    public: Annotated[
        str | None,
        typer.Option(help="机关自己的Ed25519公钥 whpk_…。The office's own public key; else a shared secret."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """新增一把密钥（最多两把现用），此后不收该机关未签名的消息。One more key; from now on the office must sign."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            key, secret = add_key(unit, office, public)
        lines = [f"✓ {key} → {office}"]
        if secret is not None:
            lines.append(f"密钥（只显示这一次） / secret (shown once): {secret}")
        here.done({"id": key, "office": office, "secret": secret}, *lines)


@app.command()
def retire(
    key: Annotated[str, typer.Argument(help="密钥编号，如 key_…。The key's id.")], as_json: AsJson = False
) -> None:
    """停用一把密钥，立即生效。The key counts for nothing any more."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            live = retire_key(unit, key)
        here.done({"id": key, "live": live}, f"✓ {key}", *(() if live else _NONE_LEFT))


@app.command("list")
def list_(office: Office, as_json: AsJson = False) -> None:
    """列出该机关的密钥。The office's keys, the oldest first."""
    with desk(as_json=as_json) as here:
        with here.runtime.reading(SERVICE) as unit:
            keys = list_keys(unit, office)
        items = [
            {
                "id": one.id,
                "kind": "hmac" if one.public is None else "ed25519",
                "created_at": one.created_at.isoformat(),
                "retired_at": one.retired_at.isoformat() if one.retired_at else None,
            }
            for one in keys
        ]
        here.done(
            {"office": office, "items": items},
            *(f"{one['id']}  {one['kind']:<8} {one['retired_at'] or '现用 / live'}" for one in items),
        )


@app.command()
def pair(as_json: AsJson = False) -> None:
    """生成一对Ed25519密钥：私钥留在机关，公钥交给本系统。A key pair: the office keeps the private half."""
    with desk(as_json=as_json) as here:
        private, public = key_pair()
        here.done(
            {"private": private, "public": public},
            f"私钥 / private: {private}",
            f"公钥 / public:  {public}",
        )
