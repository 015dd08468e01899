"""The ledger: its checkpoint, its entries, what proves that one is in it, and what witnesses ask and hand in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.again import Again
from api.deps import RuntimeDep, allowed, described, json_body
from api.v1.ledger_schemas import CheckpointOut, CosignedOut, CosignIn, EntriesOut, ProofOut
from services.actor import Actor
from services.db.queries import ledger
from services.db.queries.page import LARGEST_ID
from services.ledger.cosign import cosign

router = APIRouter(route_class=Again, prefix="/api/v1/ledger", tags=["ledger"])

Reader = Annotated[Actor, allowed("ledger.read")]
Number = Annotated[int, Query(ge=0, le=LARGEST_ID)]

_TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


@router.get("/checkpoint", response_model=CheckpointOut)
def get_checkpoint(
    runtime: RuntimeDep, actor: Reader, size: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None
) -> dict[str, Any]:
    """The newest checkpoint, or the one of `size` entries."""
    with runtime.reading(actor) as unit:
        return ledger.checkpoint(unit, size)


@router.get("/entries", response_model=EntriesOut)
def get_entries(
    runtime: RuntimeDep, actor: Reader, first: Annotated[int, Query(alias="from", ge=0, le=LARGEST_ID)] = 0
) -> dict[str, Any]:
    """Entries from number `from` on: each with its hash, and with the line where you may read it. `next` is the `from` of the next page."""
    with runtime.reading(actor) as unit:
        return ledger.entries(unit, first)


@router.get("/proof", response_model=ProofOut)
def get_proof(runtime: RuntimeDep, actor: Reader, entry: Number) -> dict[str, Any]:
    """What proves that this entry is in the newest checkpoint."""
    with runtime.reading(actor) as unit:
        return ledger.proof(unit, entry)


@router.get("/continuation", response_class=Response, responses=_TEXT)
def get_continuation(runtime: RuntimeDep, actor: Reader, known: Number = 0) -> Response:
    """What a witness who has signed for `known` entries is asked to sign (the body of C2SP tlog-witness, add-checkpoint)."""
    with runtime.reading(actor) as unit:
        return Response(ledger.continuation(unit, known), media_type="text/plain; charset=utf-8")


@router.post("/cosignatures", status_code=201, response_model=CosignedOut, openapi_extra=described(CosignIn))
def post_cosignatures(
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("ledger.cosign")],
    said: Annotated[CosignIn, Depends(json_body(CosignIn))],
) -> dict[str, int]:
    """A registered witness's line stands under our checkpoint from now on. The same line twice is once."""
    with runtime.writing(actor) as unit:
        return {"taken": cosign(unit, said.size, said.note)}
