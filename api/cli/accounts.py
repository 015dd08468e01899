"""`gongjian account`: accounts made, closed, and given a token for an office's machine."""

import sys
from typing import Annotated

import typer

from api.cli.desk import AsJson, desk
from services.access.accounts import create_account, disable_account
from services.access.passwords import generated
from services.access.tokens import issue_office_token
from services.actor import SERVICE

app = typer.Typer(no_args_is_help=True, help="账号 / accounts")

Name = Annotated[str, typer.Argument(help="账号，如 union.220204。The account's name.")]


@app.command()
def create(
    name: Name,
    body: Annotated[str, typer.Option(help="所属单位代码，如 union.220204。Code of the body it acts for.")],
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="从标准输入读一行密码。Read the password from standard input."),
    ] = False,
    generate: Annotated[
        bool, typer.Option("--generate", help="生成密码并显示一次。Make a password and show it once.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """新建账号；不设密码的账号只能用令牌。A new account; without a password only a token opens it."""
    if password_stdin and generate:
        raise typer.BadParameter("--password-stdin 与 --generate 只能用一个 / use one of the two")
    with desk(as_json=as_json) as here:
        password = generated() if generate else None
        if password_stdin:
            password = sys.stdin.readline().rstrip("\r\n")
        with here.runtime.writing(SERVICE) as unit:
            key = create_account(unit, name, body, password)
        result: dict[str, object] = {"id": str(key), "name": name, "body": body}
        lines = [f"✓ {name} → {body}"]
        if generate and password is not None:
            result["password"] = password
            lines.append(f"密码（只显示这一次） / password (shown once): {password}")
        if password is None:
            lines.append("没有设密码，请用 gongjian account token 发令牌 / no password: issue a token")
        here.done(result, *lines)


@app.command()
def disable(name: Name, as_json: AsJson = False) -> None:
    """停用账号，其令牌立即失效。Nobody acts by it any more; its tokens are gone."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(SERVICE) as unit:
            disable_account(unit, name)
        here.done({"name": name, "disabled": True}, f"✓ {name} 已停用 / disabled")


@app.command()
def token(name: Name, as_json: AsJson = False) -> None:
    """给登记机关的机器发一年期令牌，只显示一次。A year's token for an office's machine, shown once."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(SERVICE) as unit:
            issued = issue_office_token(unit, name)
        here.done({"name": name, "token": issued}, issued)
