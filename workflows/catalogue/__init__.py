"""The sentences of every fault: a stable code, a family, and one sentence in two languages."""

from workflows.catalogue.counter import COUNTER
from workflows.catalogue.events import EVENTS
from workflows.catalogue.family import Family
from workflows.catalogue.law import LAW
from workflows.catalogue.lists import LISTS

CATALOGUE = LAW | EVENTS | LISTS | COUNTER

__all__ = ["CATALOGUE", "Family"]
