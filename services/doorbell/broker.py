"""What the house says to its broker: addresses, queues and Celery's settings. RELIABILITY §4.3 measured each
of them."""

from typing import Any, Literal, TypeAlias

from kombu import Exchange, Queue

from services.doorbell.filesystem import SCHEME
from services.settings import Settings

Bell: TypeAlias = Literal["inbox", "outbox", "due", "deliver"]
Options: TypeAlias = dict[str, Any]  # Any: Celery's and kombu's settings are free-form

TASKS = {
    "inbox": "gongjian.drain_inbox",
    "outbox": "gongjian.drain_outbox",
    "due": "gongjian.drain_due",
    "deliver": "gongjian.deliver",
    "meetings": "gongjian.plan_meetings",
    "seal": "gongjian.seal",
    "housekeeping": "gongjian.housekeeping",
}
QUEUES = {name: f"gongjian.{name}" for name in TASKS}
RING_EXPIRES_SECONDS = 10

INTAKE = "gongjian.intake"
INTAKE_DEAD = "gongjian.intake.dead"
DEAD_RINGS = "gongjian.dead"

_RINGS = Exchange("gongjian", "topic", durable=True)
_REGISTRY_EVENTS = Exchange("registry.events", "topic", durable=True)
_DEAD = Exchange("gongjian.dead", "topic", durable=True)

_PATIENCE_SECONDS = 3
_KEPT_RINGS = 100
_DAY_MS = 86_400_000


def broker_url(settings: Settings) -> str:
    """The broker's address: the given RabbitMQ, or the folder under the home."""
    return settings.broker_url or f"{SCHEME}://localhost"


def is_embedded(settings: Settings) -> bool:
    return settings.broker_url is None


def consumer_options(settings: Settings) -> Options:
    """Transport options of a worker. Never publisher confirms: a frozen broker would freeze its main loop."""
    return {"root": str(settings.home.absolute() / "broker")} if is_embedded(settings) else {}


def publisher_options(settings: Settings) -> Options:
    """Transport options of whoever only rings: a hung or absent broker costs seconds, not for ever."""
    bounded = {"read_timeout": _PATIENCE_SECONDS, "write_timeout": _PATIENCE_SECONDS}
    once = {"max_retries": 1, "interval_start": 0, "connect_retries_timeout": _PATIENCE_SECONDS}
    return consumer_options(settings) if is_embedded(settings) else bounded | once


def ring_queues(settings: Settings) -> tuple[Queue, ...]:
    """The queues of the wake-ups: hints only, so small, short-lived, and their oldest give way."""
    quorum: Options = {
        "x-queue-type": "quorum",
        "x-delivery-limit": 5,
        "x-message-ttl": 60_000,
        "x-overflow": "drop-head",
        "x-dead-letter-exchange": _DEAD.name,
    }
    arguments = {"x-max-length": _KEPT_RINGS} | ({} if is_embedded(settings) else quorum)
    return tuple(Queue(name, _RINGS, routing_key=name, queue_arguments=arguments) for name in QUEUES.values())


def dead_rings_queue(settings: Settings) -> Queue:
    """Where unknown, expired and worker-killing wake-ups lie for a day, to be looked at."""
    bounded: Options = {
        "x-queue-type": "quorum",
        "x-max-length": 1000,
        "x-overflow": "drop-head",
        "x-message-ttl": _DAY_MS,
    }
    return Queue(DEAD_RINGS, _DEAD, routing_key="#", queue_arguments={} if is_embedded(settings) else bounded)


def intake_queue(settings: Settings) -> Queue:
    """Where registration offices' events wait. They are no hints: nothing may expire, overflow or be given
    up.

    The delivery limit is out of reach because a message goes back at each try while the database is down."""
    kept: Options = {
        "x-queue-type": "quorum",
        "x-delivery-limit": 1_000_000,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": INTAKE_DEAD,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    arguments = {} if is_embedded(settings) else kept
    return Queue(INTAKE, _REGISTRY_EVENTS, routing_key="gongjian.registry.#", queue_arguments=arguments)


def intake_dead_queue(settings: Settings) -> Queue:
    """Where events lie that could not be taken in, each with its cause in the headers."""
    arguments = {} if is_embedded(settings) else {"x-queue-type": "quorum"}
    return Queue(INTAKE_DEAD, Exchange(""), routing_key=INTAKE_DEAD, queue_arguments=arguments)


def celery_settings(settings: Settings) -> Options:
    """Celery's settings for worker, beat, Flower and doorbell alike."""
    return {
        "broker_url": broker_url(settings),
        "broker_transport_options": consumer_options(settings),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # a queue that stands there otherwise than we declare it is as good as a broker that is away
        "broker_channel_error_retry": True,
        "broker_connection_timeout": 4,
        "broker_heartbeat": 10,
        "broker_pool_acquire_timeout": 2,
        "task_serializer": "json",
        "accept_content": ["json"],
        "event_serializer": "json",
        "result_backend": None,
        "result_expires": None,
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "enable_utc": True,
        "timezone": settings.time_zone,
        "task_queues": ring_queues(settings),
        "task_routes": {task: {"queue": QUEUES[name]} for name, task in TASKS.items()},
        "task_default_queue": QUEUES["housekeeping"],
        "task_default_exchange": _RINGS.name,
        "task_default_exchange_type": "topic",
        "task_default_routing_key": QUEUES["housekeeping"],
        "task_create_missing_queues": False,
        "task_publish_retry": False,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_soft_time_limit": settings.hung_seconds * 3 // 4,
        "task_time_limit": settings.hung_seconds,
        "worker_prefetch_multiplier": 1,
        # A child that is ended with its task is not replaced before the broker is back, and its timer is gone with it. The task
        # only rang: when it is delivered again, there is nothing left to do.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_max_tasks_per_child": 1000,
        "worker_max_memory_per_child": 400_000,
        "worker_soft_shutdown_timeout": 10,
        "worker_concurrency": settings.worker_concurrency,
        # Flower shows the drains by it; the node name is new at each start
        "worker_enable_remote_control": True,
        "worker_send_task_events": True,
        "task_send_sent_event": False,
    }
