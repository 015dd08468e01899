"""Bad requests by the hundred in every run, and by the hundred thousand with `make fuzz`: each answer goes before one judge."""
