"""When we may ring a person on our own initiative (god inkassosed, inkassolagen 4 §).

Banking days from 08 to 20, at most one contact a day and three in any seven days, over all the person's cases and
channels. The rules bind what rings; letters, receipts, answers and what the person asked for are not bound by them.
No statute names the hours: they are the house's own, on the safe side.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from core.calendar import ONE_DAY, Calendar
from core.words import HERE


@dataclass(frozen=True, slots=True)
class ContactRules:
    """Local hours between which a device may ring, and how many contacts a person bears."""

    opens: time = time(8)
    closes: time = time(20)
    a_day: int = 1
    a_week: int = 3


RULES = ContactRules()
#: Parts of the lawful day that are offered to be rung in, from and until as local hours; others may be written.
HOURS = ((8, 12), (12, 17), (17, 20))
WEEK = timedelta(days=7)


def when_next(now: datetime, rung: Collection[datetime], calendar: Calendar, rules: ContactRules = RULES) -> datetime:
    """The first instant from ``now`` on, in UTC, at which this person may be rung."""
    days = [local_day(instant) for instant in rung]
    local = now.astimezone(HERE)
    day = local.date() if local.time() < rules.closes else local.date() + ONE_DAY
    while not (calendar.is_banking_day(day) and _has_room(day, days, rules)):
        day += ONE_DAY
    opening = datetime.combine(day, rules.opens, HERE).astimezone(UTC)
    return max(opening, now.astimezone(UTC))


def wished(from_hour: int | None, until_hour: int | None, rules: ContactRules = RULES) -> ContactRules:
    """The rules narrowed to the hours that a person wants; a wish never opens more than the rules do."""
    if from_hour is None or until_hour is None:
        return rules
    opens, closes = max(rules.opens, time(from_hour)), min(rules.closes, time(until_hour))
    return replace(rules, opens=opens, closes=closes) if opens < closes else rules


def may_wish(from_hour: int, until_hour: int, rules: ContactRules = RULES) -> bool:
    """Whether a person may ask to be rung in these hours alone: at least one of the lawful ones."""
    return rules.opens.hour <= from_hour < until_hour <= rules.closes.hour


def local_day(instant: datetime) -> date:
    """The civil date in Sweden on which an instant falls."""
    return instant.astimezone(HERE).date()


def _has_room(day: date, rung: list[date], rules: ContactRules) -> bool:
    week = [other for other in rung if day - WEEK < other <= day]
    return week.count(day) < rules.a_day and len(week) < rules.a_week
