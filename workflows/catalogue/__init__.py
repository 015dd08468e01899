"""The sentences of every fault: a stable code, a family, and one sentence in two languages."""

from workflows.catalogue.aside import ASIDE
from workflows.catalogue.channels import CHANNELS
from workflows.catalogue.counter import COUNTER
from workflows.catalogue.events import EVENTS
from workflows.catalogue.family import Family
from workflows.catalogue.law import LAW
from workflows.catalogue.ledger import LEDGER
from workflows.catalogue.lists import LISTS
from workflows.catalogue.papers import PAPERS

CATALOGUE = LAW | EVENTS | LISTS | PAPERS | CHANNELS | LEDGER | COUNTER | ASIDE

__all__ = ["CATALOGUE", "Family"]
