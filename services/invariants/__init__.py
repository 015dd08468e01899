"""An independent look at the books: raw SQL through the database's own driver, and nothing of the house's code.

It knows the house only as RELIABILITY §3 and the handbook describe it, so a mistake of the house is not made again here. What it
finds wrong it says in a sentence with the invariant's number; nothing found is a clean house. I7, what answers look like, no
database can tell.

I1 what was accepted is there · I2 applied once, or visibly set aside · I3 a case stands where its history says · I4 the history
closes · I5 every message arrived once · I6 nothing waits for long · I8 whoever acted is named, and acted where he may
"""

from services.invariants.books import Books, Unreadable, accepted_in
from services.invariants.findings import Finding

__all__ = ["Books", "Finding", "Unreadable", "accepted_in"]
