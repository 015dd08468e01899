"""Bundles before a verifier in another language, which shares no code with ours (deploy/verify): both say the same, of sound ones and of forged."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from services.actor import SERVICE
from services.db.queries.ledger import checkpoint, continuation
from services.ledger import witness
from services.ledger.bundle import Scope, export
from services.ledger.cosign import add_witness, cosign
from services.ledger.fsck import Trust
from services.ledger.integrate import integrate
from services.ledger.notes import Key
from services.ledger.verify import Bundle, verify
from tests.builders import COUNTY, TOWN, Town

PROGRAM = Path(__file__).parents[2] / "deploy" / "verify" / "verify.mjs"
NODE = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))

pytestmark = pytest.mark.skipif(NODE is None, reason="no Node: node is not on the path")


@pytest.fixture
def bundles(town: Town, tmp_path: Path) -> tuple[list[Path], Key, Key]:
    """One of a case with an opinion and evidence, one of a place, one of everything; the log's key, and that of a witness who signed."""
    code = town.enterprise(name="甲机械“&<>”有限公司")
    town.with_union(code)
    town.enterprise(name="乙纺织有限公司")
    integrate(town.runtime)
    with town.runtime.reading(SERVICE) as unit:
        log = Key.read(checkpoint(unit)["key"])
    key = witness.create(tmp_path / "w", "party.cy.example", log)
    with town.runtime.writing(SERVICE) as unit:
        add_witness(unit, f"party.{TOWN}", str(key))
    integrate(town.runtime)
    with town.runtime.reading(SERVICE) as unit:
        request = witness.Request.read(continuation(unit, 0))
        size = checkpoint(unit)["size"]
    line = witness.sign(tmp_path / "w", request, town.clock.now())
    with town.runtime.writing(town.hands.actor(f"party.{TOWN}")) as unit:
        assert cosign(unit, size, line) == 1
    made = []
    for name, scope in (
        ("case.zip", Scope(case=1, names="核查")), ("place.zip", Scope(division=COUNTY, names="核查")), ("all.zip", Scope(names="核查")),
    ):  # fmt: skip
        export(town.runtime, SERVICE, scope, tmp_path / name)
        made.append(tmp_path / name)
    return made, log, key


def told(bundle: Path, *more: str) -> tuple[int, str]:
    answer = subprocess.run([str(NODE), PROGRAM, bundle, *more], capture_output=True, text=True, check=False)
    return answer.returncode, answer.stdout + answer.stderr


def test_sound_bundles_are_sound_to_both(bundles: tuple[list[Path], Key, Key]) -> None:
    made, log, key = bundles
    for bundle in made:
        code, said = told(bundle, "--log", str(log), "--witness", str(key))
        assert code == 0 and "witnessed by 1 of 1" in said and "all is as it was written" in said, said
        assert verify(Bundle(bundle), Trust(log, [key])).wrong == []
    assert told(made[0])[0] == 0 and "the bundle's own" in told(made[0])[1]
    assert told(made[0], "--log", str(key))[0] == 1
    assert told(made[0], "--log", "none")[0] == 2


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize("harm", ["line", "gone", "hash", "note", "document"])
def test_forged_bundles_are_forged_to_both(
    bundles: tuple[list[Path], Key, Key], which: int, harm: str
) -> None:
    made, log, _ = bundles
    bundle = made[which]
    with zipfile.ZipFile(bundle) as read:
        parts = {name: read.read(name) for name in read.namelist()}
    lines = [json.loads(line) for line in parts["entries.jsonl"].splitlines()]
    match harm:
        case "line":
            lines[2]["line"] = lines[2]["line"].replace('"v":1', '"v":2')
        case "gone":
            del lines[2]
        case "hash":
            lines[2]["hash"] = "00" * 32
        case "note":
            parts["checkpoint.txt"] = parts["checkpoint.txt"].replace(b"\n", b"1\n", 1)
        case "document":
            name = next(name for name in parts if name.startswith("documents/"))
            parts[name] += b"."
    parts["entries.jsonl"] = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as forged:
        for name, content in parts.items():
            forged.writestr(name, content)
    assert told(bundle, "--log", str(log))[0] == 1
    assert verify(Bundle(bundle), Trust(log)).wrong
