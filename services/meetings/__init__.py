"""Joint meetings: planned by quarters, called with an agenda that makes itself, held, and minuted by people."""
