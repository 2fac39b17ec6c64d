#!/usr/bin/env python3
"""Working time, counted the slow way: minute by minute, with another clock library (zoneinfo).

Writes golden/calendars/working-time.txt, which calendars.rs reads. Nothing here is taken from the
Rust code, nor from the files of workflows/calendars: the days off are written down again, month by
month, as the printed production calendars have them. Run it without arguments.

A line: calendar | start | span | end. `end` is the first instant at which the span has passed.
"""
import datetime as dt
import pathlib
import random
import zoneinfo

UTC = dt.timezone.utc


def minutes(*stretches):
    found = set()
    for stretch in stretches:
        (h, m), (hh, mm) = (map(int, end.split(":")) for end in stretch.split("-"))
        found |= set(range(h * 60 + m, hh * 60 + mm))
    return found


# Days off, weekends included, by month.
RU_OFF = {
    2026: ["1-11 17 18 24 25 31", "1 7 8 14 15 21-23 28", "1 7-9 14 15 21 22 28 29", "4 5 11 12 18 19 25 26",
           "1-3 9-11 16 17 23 24 30 31", "6 7 12-14 20 21 27 28", "4 5 11 12 18 19 25 26", "1 2 8 9 15 16 22 23 29 30",
           "5 6 12 13 19 20 26 27", "3 4 10 11 17 18 24 25 31", "1 4 7 8 14 15 21 22 28 29", "5 6 12 13 19 20 26 27 31"],
    2027: ["1-10 16 17 23 24 30 31", "6 7 13 14 20 21 23 27 28", "6-8 13 14 20 21 27 28", "3 4 10 11 17 18 24 25",
           "1-3 8-10 15 16 22 23 29 30", "5 6 12-14 19 20 26 27", "3 4 10 11 17 18 24 25 31", "1 7 8 14 15 21 22 28 29",
           "4 5 11 12 18 19 25 26", "2 3 9 10 16 17 23 24 30 31", "4 6 7 13 14 20 21 27 28", "4 5 11 12 18 19 25 26"],
}
RU_SHORT = {dt.date(2026, 4, 30), dt.date(2026, 5, 8), dt.date(2026, 6, 11), dt.date(2026, 11, 3),
            dt.date(2027, 2, 22), dt.date(2027, 4, 30), dt.date(2027, 6, 11), dt.date(2027, 11, 3),
            dt.date(2027, 12, 31)}
RU_DAYS_OFF = set()
for year, months in RU_OFF.items():
    for month, row in enumerate(months, 1):
        for part in row.split():
            first, _, last = part.partition("-")
            for day in range(int(first), int(last or first) + 1):
                RU_DAYS_OFF.add(dt.date(year, month, day))
EU_DAYS_OFF = {dt.date(*map(int, text.split("-"))) for text in (
    "2026-1-1 2026-4-3 2026-4-6 2026-5-1 2026-12-25 2026-12-26 "
    "2027-1-1 2027-3-26 2027-3-29 2027-5-1 2027-12-25 2027-12-26").split()}
FULL, SHORT = minutes("9:00-13:00", "14:00-18:00"), minutes("9:00-13:00", "14:00-17:00")
EU_FULL = minutes("9:00-12:30", "13:30-18:00")
NIGHT = {5: minutes("22:00-24:00"), 6: minutes("0:00-6:00", "7:15-8:00"), 0: minutes("0:00-0:30")}


def ru(date):
    if date in RU_DAYS_OFF:
        return set()
    return SHORT if date in RU_SHORT else FULL


def eu(date):
    return set() if date.weekday() > 4 or date in EU_DAYS_OFF else EU_FULL


def night(date):
    return NIGHT.get(date.weekday(), set())


CALENDARS = {"ru-5x8": ("Europe/Moscow", ru), "eu-5x8": ("Europe/Brussels", eu), "night-watch": ("Europe/Berlin", night)}


def worked_minutes(name):
    """Every worked minute of the two years: when it begins (UTC) and on which date it is worked."""
    zone, hours = CALENDARS[name]
    zone = zoneinfo.ZoneInfo(zone)
    years = (2026, 2027) if name != "night-watch" else (2026,)
    at = dt.datetime(years[0], 1, 1, tzinfo=zone).astimezone(UTC)
    end = dt.datetime(years[-1] + 1, 1, 1, tzinfo=zone).astimezone(UTC)
    found = []
    while at < end:
        shown = at.astimezone(zone)
        if shown.hour * 60 + shown.minute in hours(shown.date()):
            found.append((at, shown.date()))
        at += dt.timedelta(minutes=1)
    return found


def after_hours(worked, start, hours):
    left = hours * 60
    for at, _ in worked:
        if at >= start:
            left -= 1
            if left == 0:
                return at + dt.timedelta(minutes=1)
    return None


def after_days(worked, lengths, start, days):
    """A working day is 1, whatever its length: a minute of it is 1/length. Exact fractions; the
    start is a minute, and the end is given only where it falls on one."""
    from fractions import Fraction
    left = Fraction(days)
    for at, date in worked:
        if at < start:
            continue
        minute = Fraction(1, lengths[date])
        if minute >= left:
            micros = left / minute * 60_000_000
            return at + dt.timedelta(microseconds=float(micros)) if micros == 60_000_000 else None
        left -= minute
    return None


def main():
    draw = random.Random(20261126)
    lines = []
    for name in CALENDARS:
        worked = worked_minutes(name)
        lengths = {}
        for _, date in worked:
            lengths[date] = lengths.get(date, 0) + 1
        for year in (2026, 2027):
            days = [date for date in lengths if date.year == year]
            if days:
                total = sum(lengths[date] for date in days)
                lines.append(f"{name} | {year} | {len(days)} days | {total} minutes")
        first, last = worked[0][0], worked[-1][0]
        reach = int((last - first).total_seconds() // 60)
        made = 0
        while made < 120:
            start = first + dt.timedelta(minutes=draw.randrange(reach))
            if draw.random() < 0.5:
                span = draw.randrange(1, 60)
                end, word = after_hours(worked, start, span), f"{span}bh"
            else:
                span = draw.randrange(1, 25)
                end, word = after_days(worked, lengths, start, span), f"{span}bd"
            if end is not None:
                lines.append(f"{name} | {start:%Y-%m-%dT%H:%MZ} | {word} | {end:%Y-%m-%dT%H:%MZ}")
                made += 1
        # Around the changes of the clock, hour by hour.
        for day in ("2026-03-28", "2026-10-24"):
            for hour in range(0, 60, 3):
                start = dt.datetime.fromisoformat(day).replace(tzinfo=UTC) + dt.timedelta(hours=hour)
                for span in (1, 4, 7):
                    end = after_hours(worked, start, span)
                    if end is not None and name != "ru-5x8":
                        lines.append(f"{name} | {start:%Y-%m-%dT%H:%MZ} | {span}bh | {end:%Y-%m-%dT%H:%MZ}")
    golden = pathlib.Path(__file__).parent.parent / "golden/calendars/working-time.txt"
    golden.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
