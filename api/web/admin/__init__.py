"""The administrators' pages: bodies, accounts, keys, calendars and policies, each by its own right, through the same use cases as the
command line."""
