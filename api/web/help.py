"""Help (帮助) for everybody: the keys, the words, the version, and what the pages are made of."""

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.web.glossary import KEYS, WORDS, brought
from api.web.render import page
from api.web.session import OneUnit, shown
from services.actor import Actor

router = APIRouter(route_class=OneUnit, default_response_class=HTMLResponse)


@router.get("/help")
def help_page(request: Request, actor: Annotated[Actor, shown("home.read")]) -> Response:
    """The help."""
    return page(
        request,
        "help.html",
        actor=actor,
        shortcuts=[(key, label.as_dict()) for key, label in KEYS],
        words=[(one.word, one.meaning.as_dict()) for one in WORDS],
        version=version("gongjian"),
        parts=brought(),
    )
