"""The coalesced doorbell: hints to the workers that rows are waiting. A lost ring costs a second, a repeated
one nothing."""
