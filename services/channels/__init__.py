"""Channels: how a body hears, outside these pages, that something waits for it there. What it is never leaves, only that it is."""
