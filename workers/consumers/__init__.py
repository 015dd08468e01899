"""Consumers of other systems' messages."""
