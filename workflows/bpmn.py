"""A procedure as BPMN 2.0 XML with its drawing: states become tasks, steps become sequence flows.

The layout goes by breadth-first layers and is plain on purpose: any viewer opens it, and whoever wants it
prettier moves the boxes there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from workflows.definition import Definition, State
from workflows.diagrams import Arrow, arrows
from workflows.errors import LawError

_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_COLOR = "http://www.omg.org/spec/BPMN/non-normative/color/1.0"

for _prefix, _uri in (
    ("bpmn", _BPMN),
    ("bpmndi", _DI),
    ("dc", _DC),
    ("di", _DD),
    ("xsi", _XSI),
    ("color", _COLOR),
):
    ET.register_namespace(_prefix, _uri)

_COLUMN, _ROW, _MARGIN = 220, 130, 60
_TASK, _EVENT = (140, 70), (36, 36)


@dataclass(frozen=True, slots=True)
class _Node:
    """One box of the drawing."""

    id: str
    tag: str
    name: str
    said: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Flow:
    """One line of the drawing, between two boxes."""

    id: str
    name: str
    said: str
    source: _Node
    target: _Node


def bpmn(law: Definition, *, current: str | None = None) -> str:
    """The procedure as one BPMN process; the `current` state is coloured."""
    if current is not None and current not in law.state:
        raise LawError(f"{law.name} v{law.version} has no state {current}")
    ways = list(arrows(law))
    starts, states = _nodes(law, ways)
    flows = _flows(law, ways, starts, states)
    root = ET.Element(
        f"{{{_BPMN}}}definitions", {"id": f"definitions_{law.name}", "targetNamespace": "urn:gongjian"}
    )
    process_id = f"process_{law.name}_v{law.version}"
    process = ET.SubElement(
        root, f"{{{_BPMN}}}process", {"id": process_id, "name": law.label.zh, "isExecutable": "false"}
    )
    ET.SubElement(process, f"{{{_BPMN}}}documentation").text = law.label.en
    nodes = [*starts, *states.values()]
    for node in nodes:
        _declare(process, node, flows)
    for flow in flows:
        ends = {"id": flow.id, "name": flow.name, "sourceRef": flow.source.id, "targetRef": flow.target.id}
        element = ET.SubElement(process, f"{{{_BPMN}}}sequenceFlow", ends)
        ET.SubElement(element, f"{{{_BPMN}}}documentation").text = flow.said
        if (
            sum(other.source is flow.source for other in flows) > 1
        ):  # a choice, where plain flows would all be taken
            condition = ET.SubElement(element, f"{{{_BPMN}}}conditionExpression")
            condition.set(f"{{{_XSI}}}type", "bpmn:tFormalExpression")
            condition.text = flow.name
    _draw(root, process_id, nodes, flows, marked=states[current].id if current else None)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _nodes(law: Definition, ways: Iterable[Arrow]) -> tuple[list[_Node], dict[str, _Node]]:
    """A start event for each opening and a box for each state, placed by layer from left to right."""
    rows: dict[int, int] = {}
    states: dict[str, _Node] = {}
    layers = _layers(law, list(ways))
    for state in law.states:
        column = layers[state.name]
        row = rows[column] = rows.get(column, -1) + 1
        states[state.name] = _placed(
            f"state_{state.name}", _tag(state), state.label.zh, _said(state), column, row
        )
    starts = [
        _placed(f"start_{index}", "startEvent", opening.says.zh, opening.says.en, 0, index)
        for index, opening in enumerate(law.openings)
    ]
    return starts, states


def _layers(law: Definition, ways: list[Arrow]) -> dict[str, int]:
    """How many steps lie between the beginning and each state, at least."""
    found = {opening.state: 1 for opening in law.openings}
    edge = list(found)
    while edge:
        reached = [way for name in edge for way in ways if way.source == name and way.target not in found]
        edge = []
        for way in reached:
            if way.target not in found:
                found[way.target] = found[way.source] + 1
                edge.append(way.target)
    return found


def _tag(state: State) -> str:
    if state.final:
        return "endEvent"
    return "userTask" if state.work else "receiveTask" if state.waits_for else "task"


def _said(state: State) -> str:
    if state.work is None:
        return state.label.en
    return f"{state.label.en}: {state.work.task.en} ({state.work.role.label.en})"


def _placed(key: str, tag: str, name: str, said: str, column: int, row: int) -> _Node:
    width, height = _EVENT if tag.endswith("Event") else _TASK
    x = _MARGIN + column * _COLUMN + (_TASK[0] - width) // 2
    y = _MARGIN + row * _ROW + (_TASK[1] - height) // 2
    return _Node(key, tag, name, said, x, y, width, height)


def _flows(
    law: Definition, ways: Iterable[Arrow], starts: list[_Node], states: dict[str, _Node]
) -> list[_Flow]:
    begun = [
        _Flow(f"flow_{start.id}", "", opening.rule, start, states[opening.state])
        for start, opening in zip(starts, law.openings, strict=True)
    ]
    return begun + [
        _Flow(
            f"flow_{way.step.name}_from_{way.source}",
            way.label,
            f"{way.step.label.en}; {way.step.by.label.en if way.step.by else 'automatic'}; {way.step.rule}",
            states[way.source],
            states[way.target],
        )
        for way in ways
    ]


def _declare(process: ET.Element, node: _Node, flows: Iterable[_Flow]) -> None:
    element = ET.SubElement(process, f"{{{_BPMN}}}{node.tag}", {"id": node.id, "name": node.name})
    ET.SubElement(element, f"{{{_BPMN}}}documentation").text = node.said
    for flow in flows:
        if flow.target is node:
            ET.SubElement(element, f"{{{_BPMN}}}incoming").text = flow.id
    for flow in flows:
        if flow.source is node:
            ET.SubElement(element, f"{{{_BPMN}}}outgoing").text = flow.id


def _draw(
    root: ET.Element, process: str, nodes: Iterable[_Node], flows: Iterable[_Flow], *, marked: str | None
) -> None:
    diagram = ET.SubElement(root, f"{{{_DI}}}BPMNDiagram", {"id": f"diagram_{process}"})
    plane = ET.SubElement(diagram, f"{{{_DI}}}BPMNPlane", {"id": f"plane_{process}", "bpmnElement": process})
    for node in nodes:
        shape = ET.SubElement(
            plane, f"{{{_DI}}}BPMNShape", {"id": f"shape_{node.id}", "bpmnElement": node.id}
        )
        if node.id == marked:
            shape.set(f"{{{_COLOR}}}background-color", "#ffe08a")
        bounds = {"x": node.x, "y": node.y, "width": node.width, "height": node.height}
        ET.SubElement(shape, f"{{{_DC}}}Bounds", {name: str(value) for name, value in bounds.items()})
    for flow in flows:
        line = ET.SubElement(plane, f"{{{_DI}}}BPMNEdge", {"id": f"edge_{flow.id}", "bpmnElement": flow.id})
        for x, y in _waypoints(flow.source, flow.target):
            ET.SubElement(line, f"{{{_DD}}}waypoint", {"x": str(x), "y": str(y)})


def _waypoints(source: _Node, target: _Node) -> list[tuple[int, int]]:
    """Rightwards straight across; a loop over the box's corner; everything else down and round beneath."""
    right, top, bottom = source.x + source.width, source.y, source.y + source.height
    middle, aim = source.y + source.height // 2, target.y + target.height // 2
    if source is target:
        return [
            (right - 30, top),
            (right - 30, top - 20),
            (right + 20, top - 20),
            (right + 20, middle),
            (right, middle),
        ]
    if target.x > right:
        return [(right, middle), (target.x, aim)]
    below = max(bottom, target.y + target.height) + 20
    centre = source.x + source.width // 2
    return [
        (centre, bottom),
        (centre, below),
        (target.x + target.width // 2, below),
        (target.x + target.width // 2, target.y + target.height),
    ]
