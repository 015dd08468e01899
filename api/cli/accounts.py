"""`gongjian account`: accounts made, closed, and given a token for an office's machine."""

import sys
from typing import Annotated

import typer

from api.cli.desk import AsJson, desk
from services.access import resets
from services.access.accounts import create_account, disable_account
from services.access.passwords import generated
from services.access.tokens import issue_office_token

app = typer.Typer(no_args_is_help=True, help="账号 / accounts")

_ONCE = "临时密码（只显示这一次，登录时须更换） / password (shown once, to be replaced at the first sign-in)"

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
        with here.runtime.writing(here.actor) as unit:
            key = create_account(unit, name, body, password, own=not generate)
        result: dict[str, object] = {"id": str(key), "name": name, "body": body}
        lines = [f"✓ {name} → {body}"]
        if generate and password is not None:
            result["password"] = password
            lines.append(f"{_ONCE}: {password}")
        if password is None:
            lines.append("没有设密码，请用 gongjian account token 发令牌 / no password: issue a token")
        here.done(result, *lines)


@app.command()
def disable(name: Name, as_json: AsJson = False) -> None:
    """停用账号，其令牌立即失效。Nobody acts by it any more; its tokens are gone."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            disable_account(unit, name)
        here.done({"name": name, "disabled": True}, f"✓ {name} 已停用 / disabled")


@app.command()
def token(name: Name, as_json: AsJson = False) -> None:
    """给登记机关的机器发一年期令牌，只显示一次。A year's token for an office's machine, shown once."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            issued = issue_office_token(unit, name)
        here.done({"name": name, "token": issued}, issued)


@app.command()
def password(name: Name, as_json: AsJson = False) -> None:
    """给忘记密码的人发临时密码，原有登录立即失效。A password to be replaced, for who forgot his own."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            issued = resets.reset_password(unit, name)
        here.done({"name": name, "password": issued}, f"{_ONCE}: {issued}")


@app.command("forget-authenticator")
def forget_authenticator(name: Name, as_json: AsJson = False) -> None:
    """取消遗失的验证器，原有登录立即失效。A lost authenticator is taken off."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            resets.take_off_second_factor(unit, name)
        here.done({"name": name, "authenticator": None}, f"✓ {name} 的验证器已取消 / authenticator taken off")


@app.command("sign-out")
def sign_out(name: Name, as_json: AsJson = False) -> None:
    """终止某账号的全部登录。Every sign-in of the account is over."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            resets.sign_out_everywhere(unit, name)
        here.done({"name": name, "signed_in": False}, f"✓ {name} 的登录已全部终止 / signed out everywhere")


@app.command()
def bind(
    name: Name,
    issuer: Annotated[str, typer.Argument(help="单点登录提供方地址（iss）。The provider's address.")],
    subject: Annotated[str, typer.Argument(help="其人在提供方的编号（sub）。The person's id there.")],
    as_json: AsJson = False,
) -> None:
    """把单点登录身份绑定到账号。Whom the provider calls so may come in as this account."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            resets.bind(unit, name, issuer, subject)
        here.done({"name": name, "issuer": issuer, "subject": subject}, f"✓ {name} ← {issuer} {subject}")


@app.command()
def unbind(name: Name, as_json: AsJson = False) -> None:
    """解除账号的单点登录身份。Nobody comes in by single sign-on as this account any more."""
    with desk(as_json=as_json) as here:
        with here.runtime.writing(here.actor) as unit:
            resets.unbind(unit, name)
        here.done({"name": name, "issuer": None, "subject": None}, f"✓ {name} 已解除绑定 / unbound")
