"""What stands in a file about particular persons is hidden, and shown only for a stated reason (S09; services/cases/names_read.py).

Hidden is every text that the law book declares personal, and in any other text an identity card or mobile number that got in
before such numbers were refused.
"""

from collections.abc import Collection, Mapping
from typing import Any

from workflows.events import Scalar
from workflows.personal import MASK, without_numbers
from workflows.registry import LawBook


def veiled(facts: Mapping[str, Scalar], personal: Collection[str]) -> tuple[dict[str, Scalar], list[str]]:
    """The facts as they may be shown, and the names of those that are hidden."""
    shown = {
        name: value if not isinstance(value, str) else MASK if name in personal else without_numbers(value)
        for name, value in facts.items()
    }
    return shown, [name for name in facts if shown[name] != facts[name]]


def veiled_line(law: LawBook, line: dict[str, Any]) -> dict[str, Any]:
    """A line of history as it may be shown; `masked` names what is hidden, and so differs from what was hashed. `Any`: JSON."""
    data, masked = veiled(line["data"], personal_in(law, line))
    shown = line | {"data": data}
    if "opinion" in line:
        shown["opinion"] = without_numbers(line["opinion"])
        masked += ["opinion"] if shown["opinion"] != line["opinion"] else []
    return shown | {"masked": masked}


def personal_in(law: LawBook, line: Mapping[str, Any]) -> frozenset[str]:
    """The fields of the step that wrote this line in which persons may stand. `Any`: JSON."""
    return law.personal.get((line["procedure"] or "", line["step"]), frozenset())
