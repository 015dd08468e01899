"""The ledger: an append-only Merkle log over every line that must stay as it was written (decision 0027)."""
