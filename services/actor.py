"""Who acts: an account for its body, or the service itself carrying facts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account for its body, and the address he came from, if he came by the network.

    The service itself acts as nobody, with `account_id` None; `os_user` is who sat at the machine when it was told to.
    """

    account_id: int | None
    body_id: int | None
    name: str
    body_code: str
    kind: str
    division: str
    body_name: str = ""
    address: str = ""
    os_user: str = ""


#: The service, carrying facts from one track to another.
SERVICE = Actor(None, None, "gongjian", "", "service", "000000", "共建")
