"""A command that was typed wrongly is told so in Chinese as well: what typer says of it is English alone."""

from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

#: By the name of what typer raises: its names are stable, where they lie is not.
_WRONG = {
    "MissingParameter": "缺少必填的参数 {hint}",
    "BadParameter": "参数 {hint} 的值不对",
    "NoSuchOption": "没有 {option} 这个选项",
    "BadOptionUsage": "选项 {option} 写得不对",
    "UsageError": "没有这个命令，或者参数多了",
}


class BothLanguages(TyperGroup):
    """The program. Whatever stands below it is begun by it, so this is the one place where wrong usage passes."""

    # Any below: typer's own.

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        try:
            return super().make_context(info_name, args, parent, **extra)
        except TyperException as error:
            _say(error)
            raise

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except TyperException as error:
            _say(error)
            raise


def _say(error: TyperException) -> None:
    """What is wrong, and where the right way is written; typer says the same in English after it."""
    wrong, context = _WRONG.get(type(error).__name__), getattr(error, "ctx", None)
    if wrong is None:  # help that was asked for is no fault
        return
    param = getattr(error, "param", None)
    hint = getattr(error, "param_hint", None) or (param.get_error_hint() if param is not None else "")
    said = wrong.format(hint=hint, option=getattr(error, "option_name", ""))
    path = context.command_path if context is not None else "gongjian"
    typer.echo(f"命令写法不对，什么都没有办：{said}。正确的写法见 {path} --help。", err=True)
