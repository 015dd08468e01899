"""The registers of official papers: from 1 on without a gap, no number twice, and every sheet still the one that was issued."""

import hashlib
from collections.abc import Iterator

from services.invariants.findings import Finding, Look


def numbers(look: Look) -> Iterator[Finding]:
    """Every number up to a register's last has its paper, and every paper its document with the same hash."""
    for body, mark, year, last, count, highest in look(
        "SELECT r.body_id, r.mark, r.year, r.last, count(p.id), coalesce(max(p.serial), 0) FROM paper_registers r"
        " LEFT JOIN papers p ON p.body_id = r.body_id AND p.mark = r.mark AND p.year = r.year"
        " GROUP BY r.body_id, r.mark, r.year, r.last HAVING count(p.id) <> r.last OR coalesce(max(p.serial), 0) <> r.last"
    ):
        yield Finding(
            "I9",
            f"单位{body}的编号簿{mark}〔{year}〕编到{last}号，实有{count}件，最大{highest}号",
            f"register {mark}〔{year}〕 of body {body} says {last}; there are {count} papers, the highest {highest}",
        )
    for (key,) in look(
        "SELECT id FROM papers p WHERE NOT EXISTS (SELECT 1 FROM paper_registers r"
        " WHERE r.body_id = p.body_id AND r.mark = p.mark AND r.year = p.year)"
    ):
        yield Finding("I9", f"公文{key}不在任何编号簿中", f"paper {key} stands in no register")
    for key, said, content in look(
        "SELECT p.id, p.sha256, d.content FROM papers p JOIN documents d ON d.id = p.document_id"
    ):
        if hashlib.sha256(bytes(content)).hexdigest() != said:
            yield Finding(
                "I9",
                f"公文{key}的文件与签发时不同",
                f"the sheet of paper {key} is not the one that was issued",
            )
