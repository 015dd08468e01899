"""How events look to the systems that send them: the JSON Schema of an envelope, and the AsyncAPI
document of both carriers."""

from typing import Any

from services.doorbell.broker import INTAKE, INTAKE_DEAD
from services.intake.receive import SPEAKS
from services.intake.shapes import SHAPES
from services.notices.payload import WHITELIST
from workflows.events import REGISTRY_EVENTS
from workflows.notices import NOTICES
from workflows.roles import KINDS

#: What an office with a key puts beside each message, over HTTP and over the broker alike. `Any`: JSON Schema.
SIGNATURE: dict[str, Any] = {
    "type": "object",
    "description": "Standard Webhooks. An office that was given a key must send all three, with a structured event or a batch.",
    "properties": {
        "webhook-id": {"type": "string", "description": "the event's own id; of a batch, one of its own"},
        "webhook-timestamp": {
            "type": "string",
            "pattern": "^[0-9]{1,12}$",
            "description": "seconds since 1970, at most 300 away from our clock",
        },
        "webhook-signature": {
            "type": "string",
            "description": "v1,… (HMAC-SHA256) or v1a,… (Ed25519) over id.timestamp.body; several with spaces between",
        },
    },
}

EXAMPLE: dict[str, Any] = {  # Any: JSON
    "specversion": "1.0",
    "id": "2019-0001",
    "source": "/registry/220204",
    "type": "gongjian.registry.enterprise.registered.v1",
    "time": "2019-01-02T09:30:00+08:00",
    "datacontenttype": "application/json",
    "data": {
        "uscc": "91220204MA00000151",
        "name": "吉林省某某有限公司",
        "registered_on": "2019-01-02",
        "type": "有限责任公司",
        "division": "220204",
        "address": "吉林省吉林市船营区越北镇",
        "industry": None,
        "headcount": None,
    },
}


def envelope_schema(kind: str | None = None) -> dict[str, Any]:
    """A CloudEvent of this type, or of any type we know. `Any`: JSON Schema."""
    types = [kind] if kind else sorted(REGISTRY_EVENTS)
    data: dict[str, Any] = SHAPES[REGISTRY_EVENTS[kind]].model_json_schema() if kind else {"type": "object"}
    word = {"type": "string", "minLength": 1, "maxLength": 200}
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": word | {"examples": ["2019-0001"]},
            "source": word
            | {"examples": ["/registry/220204"], "description": "/kind/division of the office"},
            "type": {"enum": types},
            "time": {"type": "string", "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "data": data,
        },
        "additionalProperties": {"type": ["string", "integer", "boolean", "null"]},
    }


def document(version: str) -> dict[str, Any]:
    """The AsyncAPI 3.0 document. `Any`: JSON."""
    messages = {event.partition(".")[2]: _message(kind) for kind, event in sorted(REGISTRY_EVENTS.items())}
    named = {name: {"$ref": f"#/components/messages/{name}"} for name in messages}
    carried = [{"$ref": f"#/channels/registryEvents/messages/{name}"} for name in messages]
    posted = [{"$ref": f"#/channels/events/messages/{name}"} for name in messages]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "共建 Gongjian",
            "version": version,
            "description": "What offices tell us.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            "events": {
                "address": "/api/v1/events",
                "description": "CloudEvents 1.0: structured, binary, batch; a receipt for each.",
                "messages": named,
                "bindings": {"http": {}},
            },
            "registryEvents": {
                "address": "gongjian.registry.#",
                "description": f"Durable queue {INTAKE}; refused ones are kept for a person, with the cause; {INTAKE_DEAD} holds what the broker gave up.",
                "messages": named,
                "bindings": {
                    "amqp": {
                        "is": "routingKey",
                        "exchange": {"name": "registry.events", "type": "topic", "durable": True},
                        "bindingVersion": "0.3.0",
                    }
                },
            },
            "notices": {
                "address": "/api/v1/notices",
                "description": "Notices between bodies; each body fetches its own box.",
                "messages": {"notice": {"$ref": "#/components/messages/notice"}},
                "bindings": {"http": {}},
            },
        },
        "operations": {
            "postEvents": {"action": "receive", "channel": {"$ref": "#/channels/events"}, "messages": posted},
            "takeEvents": {
                "action": "receive",
                "channel": {"$ref": "#/channels/registryEvents"},
                "messages": carried,
            },
            "sendNotice": {
                "action": "send",
                "channel": {"$ref": "#/channels/notices"},
                "messages": [{"$ref": "#/channels/notices/messages/notice"}],
            },
        },
        "components": {"messages": messages | {"notice": _notice()}},
    }


def _message(kind: str) -> dict[str, Any]:
    speakers = [KINDS[name].label for name, facts in SPEAKS.items() if REGISTRY_EVENTS[kind] in facts]
    who = f"{'、'.join(one.zh for one in speakers)} / from: {', '.join(one.en for one in speakers)}"
    return {
        "name": kind,
        "description": f"来自{who}",
        "contentType": "application/cloudevents+json",
        "headers": SIGNATURE,
        "payload": envelope_schema(kind),
    }


def _notice() -> dict[str, Any]:
    value = {"type": ["string", "boolean", "null"]}
    return {
        "name": "notice",
        "contentType": "application/json",
        "payload": {
            "type": "object",
            "properties": {
                "kind": {"enum": sorted(NOTICES)},
                "payload": {
                    "type": "object",
                    "properties": dict.fromkeys(WHITELIST, value),
                    "additionalProperties": False,
                },
            },
        },
    }
