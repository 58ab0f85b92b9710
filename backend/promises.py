"""By when an agency promises to be done."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.contract.definition import ProcessingTime
from app.contract.language import WIB

SATURDAY = 5


def promised_by(received_at: datetime, promise: ProcessingTime) -> datetime:
    """The moment until which the processing time runs that the definition promises, counted from receipt.

    Working days are Monday to Friday in Jakarta (UU 25/2009 leaves public holidays to the agencies, and they
    are announced late: they are not taken off). What arrives on a weekend counts from the start of Monday.
    """
    match promise.unit:
        case "minute":
            return received_at + timedelta(minutes=promise.amount)
        case "hour":
            return received_at + timedelta(hours=promise.amount)
        case "day":
            return received_at + timedelta(days=promise.amount)
        case "working_day":
            return _after_working_days(received_at, promise.amount)


def _after_working_days(received_at: datetime, amount: int) -> datetime:
    local = received_at.astimezone(WIB)
    if local.weekday() >= SATURDAY:
        local = _next_working_day(local).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(amount):
        local = _next_working_day(local)
    return local.astimezone(received_at.tzinfo)


def _next_working_day(day: datetime) -> datetime:
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
