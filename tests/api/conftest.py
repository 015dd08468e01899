"""The tests of the counter sign in often, and none of them is about what a password costs: that stands in tests/services/test_access.py."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, Type

from services.access import passwords


@pytest.fixture(scope="module", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A password is hashed in a millisecond, and nobody's hash with it; afterwards both cost what they must."""
    with pytest.MonkeyPatch.context() as instead:
        instead.setattr(
            passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=256, parallelism=1, type=Type.ID)
        )
        passwords._nobodys.cache_clear()
        yield
    passwords._nobodys.cache_clear()
