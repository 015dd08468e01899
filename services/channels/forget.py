"""What was told long ago is forgotten: a delivery that came to its end, with its tries. What was given up stays until a person has looked."""

from datetime import timedelta

from sqlalchemy import delete, select

from services.db.models.channel import Attempt, Delivery
from services.runtime import Unit

#: Records of what was passed on are kept for three years (网络数据安全管理条例 Art 12); after them nobody asks for the evidence.
KEPT = timedelta(days=3 * 366)
#: So many at once, so that nobody waits for it.
MOST = 10_000


def forget(unit: Unit) -> int:
    """Yields how many deliveries are gone."""
    old = unit.db.scalars(
        select(Delivery.id)
        .where(Delivery.settled_at < unit.now - KEPT, Delivery.state != "given_up")
        .order_by(Delivery.id)
        .limit(MOST)
    ).all()
    for first in range(0, len(old), 500):
        keys = old[first : first + 500]
        unit.db.execute(delete(Attempt).where(Attempt.delivery_id.in_(keys)))
        unit.db.execute(delete(Delivery).where(Delivery.id.in_(keys)))
    return len(old)
