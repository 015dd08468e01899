"""The drawings say what the declarations say: every state, every step, every way."""

import re
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest

from workflows.bpmn import bpmn
from workflows.definition import STAY, Definition
from workflows.diagrams import arrows, dot, mermaid
from workflows.errors import LawError
from workflows.registry import law_book

LAWS = [pytest.param(law, id=law.name) for law in law_book().definitions]

B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
NODES = ("startEvent", "endEvent", "userTask", "receiveTask", "task")


def ways(law: Definition) -> set[tuple[str, str, str]]:
    """(step, from, to) as declared."""
    return {
        (step.name, source, source if step.target == STAY else step.target)
        for step in law.steps
        for source in step.sources
    }


@pytest.mark.parametrize("law", LAWS)
def test_arrows_are_the_ways_declared(law: Definition) -> None:
    assert {(one.step.name, one.source, one.target) for one in arrows(law)} == ways(law)


@pytest.mark.parametrize("law", LAWS)
def test_mermaid_draws_every_state_and_way(law: Definition) -> None:
    lines = mermaid(law).splitlines()
    assert lines[0] == "stateDiagram-v2"
    named = {
        match[2]: match[1] for line in lines if (match := re.fullmatch(r'    state "(.+)" as s_(\w+)', line))
    }
    assert named == {state.name: state.label.zh for state in law.states}
    drawn = [match for line in lines if (match := re.fullmatch(r"    s_(\w+) --> s_(\w+) : ([^:;#]+)", line))]
    assert sorted((one[1], one[2]) for one in drawn) == sorted(
        (one.source, one.target) for one in arrows(law)
    )
    assert sum(line.startswith("    [*] -->") for line in lines) == len(law.openings)
    assert {line.split()[0] for line in lines if line.endswith("--> [*]")} == {
        f"s_{s.name}" for s in law.states if s.final
    }


@pytest.mark.parametrize("law", LAWS)
def test_a_step_nobody_takes_is_marked_as_automatic(law: Definition) -> None:
    for one in arrows(law):
        assert one.label.endswith("（自动）") == (one.step.by is None)
    dashed = sum("style=dashed" in line for line in dot(law).splitlines())
    assert dashed == sum(one.step.by is None for one in arrows(law))


@pytest.mark.parametrize("law", LAWS)
def test_the_current_state_stands_out_and_no_other(law: Definition) -> None:
    name = law.states[-1].name
    assert [line for line in mermaid(law, current=name).splitlines() if line.startswith("    class ")] == [
        f"    class s_{name} current"
    ]
    assert [line.split()[0] for line in dot(law, current=name).splitlines() if "#ffe08a" in line] == [
        f'"{name}"'
    ]
    shapes = ET.fromstring(bpmn(law, current=name)).iter(f"{DI}BPMNShape")
    assert [one.get("bpmnElement") for one in shapes if len(one.keys()) > 2] == [f"state_{name}"]
    for drawing in (mermaid(law), dot(law), bpmn(law)):
        assert "#ffe08a" not in drawing


@pytest.mark.parametrize("draw", [mermaid, dot, bpmn])
def test_a_state_that_does_not_exist_cannot_be_marked(draw: object) -> None:
    assert callable(draw)
    with pytest.raises(LawError, match="no state nowhere"):
        draw(law_book().current("union"), current="nowhere")


@pytest.mark.parametrize("law", LAWS)
def test_bpmn_is_one_process_whose_flows_join_its_nodes(law: Definition) -> None:
    root = ET.fromstring(bpmn(law))
    [process] = root.findall(f"{B}process")
    nodes = {node.get("id"): node for tag in NODES for node in process.findall(f"{B}{tag}")}
    assert {f"state_{state.name}" for state in law.states} | {
        f"start_{n}" for n in range(len(law.openings))
    } == set(nodes)
    for state in law.states:
        assert nodes[f"state_{state.name}"].tag.endswith("endEvent") == state.final
    flows = {flow.get("id"): flow for flow in process.findall(f"{B}sequenceFlow")}
    assert len(flows) == len(list(arrows(law))) + len(law.openings)
    for way, (source, target) in {
        key: (flow.get("sourceRef"), flow.get("targetRef")) for key, flow in flows.items()
    }.items():
        assert way in [one.text for one in nodes[source].findall(f"{B}outgoing")]
        assert way in [one.text for one in nodes[target].findall(f"{B}incoming")]
    for node in nodes.values():
        leaving = [flow for flow in flows.values() if flow.get("sourceRef") == node.get("id")]
        conditional = [flow for flow in leaving if flow.find(f"{B}conditionExpression") is not None]
        assert conditional == (leaving if len(leaving) > 1 else [])
    identities = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(identities) == len(set(identities))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", str(one), re.ASCII) for one in identities)


@pytest.mark.parametrize("law", LAWS)
def test_bpmn_can_be_drawn_without_overlapping_boxes(law: Definition) -> None:
    root = ET.fromstring(bpmn(law))
    boxes = []
    for shape in root.iter(f"{DI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        assert bounds is not None
        boxes.append(tuple(int(str(bounds.get(side))) for side in ("x", "y", "width", "height")))
    assert min(x for x, *_ in boxes) >= 0 and min(y for _, y, *_ in boxes) >= 0
    for index, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[index + 1 :]:
            apart = (
                x + width <= other_x
                or other_x + other_width <= x
                or y + height <= other_y
                or other_y + other_height <= y
            )
            assert apart
    drawn = [edge.get("bpmnElement") for edge in root.iter(f"{DI}BPMNEdge")]
    assert sorted(map(str, drawn)) == sorted(str(flow.get("id")) for flow in root.iter(f"{B}sequenceFlow"))
    assert all(len(edge.findall(f"{DD}waypoint")) >= 2 for edge in root.iter(f"{DI}BPMNEdge"))


@pytest.mark.parametrize("law", LAWS)
def test_dot_names_every_state_and_way(law: Definition) -> None:
    lines = dot(law).splitlines()
    nodes = {match[1] for line in lines if (match := re.match(r'  "(\w+)" \[label=', line))}
    assert nodes == {state.name for state in law.states}
    edges = sorted(
        (match[1], match[2]) for line in lines if (match := re.match(r'  "(\w+)" -> "(\w+)" \[', line))
    )
    assert edges == sorted((one.source, one.target) for one in arrows(law))


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("law", LAWS)
def test_graphviz_accepts_the_drawing(law: Definition) -> None:
    ran = subprocess.run(
        ["dot", "-Tsvg"], input=dot(law).encode(), capture_output=True, check=False, timeout=60
    )
    assert ran.returncode == 0 and b"<svg" in ran.stdout
