"""The place's own policy editions: read at the start from a folder of the home, and laid over those that ship."""

from services.directory.divisions import cut, find
from services.settings import Settings
from workflows.errors import Fault
from workflows.policies.book import Book, published, shipped
from workflows.policies.model import NATION, Edition, EditionFault
from workflows.policies.sheet import read_folder
from workflows.words import Text

_NO_SUCH_PLACE = Text("没有区划{division}", "names no division there is: {division}")
_NO_FOLDER = Text(
    "没有目录{folder}，请核对 GONGJIAN_POLICIES。", "there is no folder {folder}; check GONGJIAN_POLICIES."
)


def book_of(chosen: Settings) -> Book:
    """What ships, and over it what this place has decided. Fault names the file and the key that is wrong."""
    folder = chosen.editions
    if not folder.is_dir():
        if chosen.policies is None:
            return published()
        text = _NO_FOLDER.filled(folder=folder)
        raise Fault("edition_bad", zh=text.zh, en=text.en)
    try:
        own = read_folder(folder)
        for edition in own:
            _placed(edition)
        return Book((*shipped(), *own)) if own else published()
    except EditionFault as wrong:
        raise Fault("edition_bad", zh=wrong.text.zh, en=wrong.text.en) from wrong


def decided_in(division: str) -> str:
    """The division, or the nation, that a person names in order to see what is decided there; the Fault `division_unknown`."""
    place = cut(division)
    if place is None or (place != NATION and find(place) is None):
        named = division[:20] if division.isprintable() else "?"
        raise Fault("division_unknown", field="division", division=named)
    return place


def _placed(edition: Edition) -> None:
    """A division mistyped would decide nothing anywhere, and nobody would notice."""
    place = edition.division
    if cut(place) != place or (place != NATION and find(place) is None):
        raise EditionFault(edition.where, "division", _NO_SUCH_PLACE.filled(division=place))
