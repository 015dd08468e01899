"""The kinds of fault, by what the person who reads it can do about it."""

from enum import StrEnum


class Family(StrEnum):
    """What the person who meets the fault can do about it."""

    BAD_INPUT = "bad_input"  # send it again, mended
    REFUSED = "refused"  # the law says no, and why
    STALE = "stale"  # somebody was faster: look again
    CONFLICT = "conflict"  # contradicts what is on file
    UNAUTHENTICATED = "unauthenticated"  # sign in
    NOT_YOURS = "not_yours"  # another body must do it
    NOT_FOUND = "not_found"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    TOO_MANY = "too_many"
    TOO_SLOW = "too_slow"
    UNAVAILABLE = "unavailable"  # try later; nothing was lost
    BROKEN = "broken"  # our fault
