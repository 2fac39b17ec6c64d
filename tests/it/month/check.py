"""Reckons a month anew from the files that people write, and compares it with what happened.

    check.py WORKFLOWS TABLE

WORKFLOWS is a folder of workflows: calendars, chains, kinds, parameters. TABLE is what the test
wrote down: people, runs, tasks as they opened and closed, alarms, decisions, and every letter that
the mail server took. From the tasks, the calendars and the times that chains name this program
reckons when each is due, when its holder is reminded, when it escalates, and which letters follow
from all that happened; whatever is missing, came twice, early, late or without a reason is printed,
and the end is 1. It shares nothing with the program under test: working time is counted in whole
fractions, where that counts parts of a day, so instants may differ by a few milliseconds.
"""

import json
import re
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

SECOND = 1_000_000
CLOCK = {"d": 86_400 * SECOND, "h": 3_600 * SECOND, "m": 60 * SECOND, "s": SECOND}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
TOLERATED = 5_000
NEVER = 10**18
AGREED = {"approve", "approve_with_remarks", "sign"}


def micros(moment):
    return (moment - EPOCH) // timedelta(microseconds=1)


class Calendar:
    """Stretches of work as instants, day by day, of the years that the file covers."""

    def __init__(self, text):
        said = yaml.safe_load(text)
        self.zone = ZoneInfo(said["zone"])
        week = [said["week"].get(day, []) for day in WEEK]
        usual = lambda day: week[day.weekday()]
        hours = {}
        holidays = set()
        for entry in said.get("holidays", []):
            first = self.day(entry.get("date", entry.get("first")))
            last = self.day(entry.get("date", entry.get("last")))
            while first <= last:
                holidays.add(first)
                first += timedelta(days=1)
        for day in holidays:
            hours[day] = []
        for entry in said.get("moved", []):
            off, to = self.day(entry["from"]), self.day(entry["to"])
            hours[to] = []
            if off not in holidays:
                hours[off] = usual(to)
        for entry in said.get("days", []):
            hours[self.day(entry["date"])] = entry["hours"]
        day = date(said["years"]["first"], 1, 1)
        end = date(said["years"]["last"], 12, 31)
        self.days = []
        while day <= end:
            stretches = [self.stretch(day, one) for one in hours.get(day, usual(day))]
            if stretches:
                self.days.append(stretches)
            day += timedelta(days=1)
        self.ends = [day[-1][1] for day in self.days]

    @staticmethod
    def day(said):
        return said if isinstance(said, date) else date.fromisoformat(said)

    def stretch(self, day, written):
        def at(clock):
            hour, minute = map(int, clock.split(":"))
            midnight = datetime(day.year, day.month, day.day) + timedelta(hours=hour, minutes=minute)
            return micros(midnight.replace(tzinfo=self.zone))

        begins, ends = written.split("-")
        return at(begins), at(ends)

    @staticmethod
    def worked(day, at):
        return sum(min(max(at, begins), ends) - begins for begins, ends in day)

    def measured(self, day, at, unit):
        worked = self.worked(day, at)
        return worked if unit == "bh" else Fraction(worked, self.worked(day, day[-1][1]))

    def passed(self, start, end, unit):
        """How much passes between two instants."""
        total = Fraction(0)
        for day in self.days[bisect_right(self.ends, start):]:
            if day[0][0] >= end:
                break
            total += self.measured(day, end, unit) - self.measured(day, start, unit)
        return total

    def ending(self, said, amount, unit):
        """The end of the working time until a day is over, or so much before it."""
        over = datetime(said.year, said.month, said.day, tzinfo=self.zone) + timedelta(days=1)
        number = bisect_right(self.ends, micros(over)) - 1
        if unit == "bd":
            return self.ends[number - amount]
        ends = self.ends[number]
        start = self.days[number - amount][0][0]
        return self.after(start, self.passed(start, ends, "bh") - amount * 3_600 * SECOND, "bh")

    def after(self, start, amount, unit):
        """The first instant at which so much has passed."""
        left = Fraction(amount)
        for day in self.days[bisect_right(self.ends, start):]:
            before = self.measured(day, start, unit)
            whole = self.measured(day, day[-1][1], unit)
            if before + left > whole:
                left -= whole - before
                continue
            length = self.worked(day, day[-1][1])
            work = before + left if unit == "bh" else (before + left) * length
            for begins, ends in day:
                if work <= ends - begins:
                    return begins + -(-work.numerator // work.denominator)
                work -= ends - begins
        raise ValueError("the calendar ends")


class Chain:
    """What a file says about time, by stage."""

    def __init__(self, said, parameters, calendars):
        self.parameters = parameters
        self.calendar = calendars.get(said.get("calendar"))
        self.participants = said.get("participants", {})
        self.has_rules = "sod" in said
        self.completed = said.get("effects", {}).get("completed", [])
        self.stages = {}
        self.defaults = said.get("defaults", {})
        for step in said["stages"]:
            self.read(step, "")

    def read(self, step, above):
        path = above + step["id"]
        inner = step.get("parallel", {}).get("branches") or step.get("sequence")
        for one in inner or []:
            self.read(one, path + "/")
        if not inner:
            stage = {**self.defaults, **step}
            held = [one.get("max") for one in step.get("decisions", []) if isinstance(one, dict)]
            stage["held"] = next((one for one in held if one), None)
            self.stages[path] = stage

    def span(self, written):
        named = re.fullmatch(r"param\('(\w+)'\)", written)
        written = self.parameters[named[1]]["value"] if named else written
        count, unit = re.fullmatch(r"(\d+)([a-z]+)", written).groups()
        return int(count) * (3_600 * SECOND if unit == "bh" else CLOCK.get(unit, 1)), unit

    def by(self, written, card):
        """The moment of a due date that hangs on a date of the card; None for any other."""
        said = re.fullmatch(r"doc\.(\w+)(?: - (b[dh])\((\d+)\))?", written)
        if not said:
            return None
        field, unit, count = said.groups()
        return self.calendar.ending(date.fromisoformat(card[field]["value"]), int(count or 0), unit)

    def later(self, start, amount, unit):
        if unit in CLOCK:
            return start + int(amount)
        return self.calendar.after(start, amount, unit)

    def used(self, start, end, unit):
        return end - start if unit in CLOCK else self.calendar.passed(start, end, unit)


class Clock:
    """A clock of a task: it stands while its run or the task does, and goes on with what is left."""

    def __init__(self, chain, start, amount, unit, stands):
        used = 0
        for begins, ends in stands:
            begins = max(begins, start)
            if ends <= start:
                continue
            self.at = chain.later(start, amount - used, unit)
            if self.at <= begins:
                return
            if ends == NEVER:
                self.at = NEVER
                return
            used += chain.used(start, begins, unit)
            start = ends
        self.at = chain.later(start, amount - used, unit)


def merged(stands):
    """Times that do not overlap, in their order."""
    whole = []
    for begins, ends in sorted(stands):
        if whole and begins <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(ends, whole[-1][1]))
        else:
            whole.append((begins, ends))
    return whole


class Month:
    def __init__(self, workflows, table):
        read = lambda path: yaml.safe_load(path.read_text(encoding="utf-8"))
        self.calendars = {}
        for path in sorted((workflows / "calendars").glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            self.calendars[yaml.safe_load(text)["id"]] = Calendar(text)
        parameters = read(workflows / "parameters.yaml")["parameters"]
        self.chains = {}
        for path in sorted((workflows / "chains").glob("*.yaml")):
            said = read(path)
            self.chains[said["id"]] = Chain(said, parameters, self.calendars)
        self.kinds = {}
        for path in sorted((workflows / "kinds").glob("*.yaml")):
            said = read(path)
            self.kinds[said["id"]] = said
        rows = defaultdict(list)
        for line in table.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows[row["row"]].append(row)
        (self.month,) = rows["month"]
        self.zone = ZoneInfo(self.month["zone"])
        self.until = self.month["until"]
        self.people = {row["id"]: row for row in rows["person"]}
        self.contacts = {row["id"]: row for row in rows["contact"]}
        self.absences = rows["absence"]
        self.runs = {row["run"]: row for row in rows["run"]}
        self.tasks = rows["task"]
        self.acts = sorted(rows["act"], key=lambda row: row["at"])
        self.alarms = rows["alarm"]
        self.mails = rows["mail"]
        self.wrong = []
        self.expected = defaultdict(list)
        self.rung = defaultdict(list)
        self.counted = Counter()
        self.covered = set()
        self.escalated = set()
        self.stood = defaultdict(list)
        for row in rows["stood"]:
            ends = NEVER if row["until"] is None else row["until"]
            self.stood[row["document"]].append((row["from"], ends))
        self.handed = defaultdict(list)
        for row in rows["handed"]:
            self.handed[row["task"]].append(row)
        self.acted = defaultdict(list)
        for act in self.acts:
            self.acted[act["task"]].append(act)
        self.of_run = defaultdict(list)
        for task in self.tasks:
            self.of_run[task["run"]].append(task)
            task["end"] = self.until if task["closed"] is None else task["closed"]

    # What is said of people.

    def email(self, who):
        known = self.people.get(who) or self.contacts[who]
        return known["email"]

    def holders(self, role):
        return [id for id, person in self.people.items() if role in person["roles"]]

    def above(self, person):
        seen = []
        manager = self.people[person]["manager"]
        while manager and manager not in seen:
            seen.append(manager)
            manager = self.people[manager]["manager"]
        return seen

    def holder(self, task, at=0):
        """Who holds a task at an instant: its alarms ring before whatever is done then."""
        handed = self.handed[task["task"]]
        who = handed[0]["from"] if handed else task["holder"]
        for row in handed:
            who = row["to"] if row["at"] < at else who
        return who

    def head(self, department):
        return [id for id, one in self.people.items() if department in one["heads"]]

    def resolved(self, chain, run, who, task=None, at=0):
        """Whom a successor of the file may mean, the nearest first."""
        if who == "initiator":
            return [run["initiator"]]
        if isinstance(who, str):
            return self.resolved(chain, run, chain.participants[who], task, at)
        if who.get("manager_of") == "assignee":
            holder = self.holder(task, at)
            return self.above(holder) if holder else []
        if "head_of" in who:
            field = who["head_of"].removeprefix("doc.")
            return self.head(run["card"][field]["value"])
        if "role" in who:
            return self.holders(who["role"])
        raise ValueError(f"who is {who}?")

    # What should have happened.

    def expect(self, at, kind, who, about):
        if at < self.until:
            self.expected[(kind, self.email(who), about)].append(at)

    def next_letter(self, at):
        day = datetime.fromtimestamp(at / SECOND, self.zone).date()
        while True:
            moment = micros(datetime(day.year, day.month, day.day, 8, tzinfo=self.zone))
            if day.weekday() < 5 and moment > at:
                return moment
            day += timedelta(days=1)

    def waits(self, person, due, at):
        """Whether somebody reads of a task in the letter of the day."""
        daily = self.people[person]["letters"] == "daily"
        return daily and (due is None or due > self.next_letter(at))

    def hold(self, task, stage, chain):
        """From when until when it is on hold: once, and no longer than the stage says."""
        held = [act["at"] for act in self.acted[task["task"]] if act["decision"] == "hold"]
        if not held or not stage["held"]:
            return []
        stops = self.stood[self.runs[task["run"]]["document"]]
        return [(held[0], Clock(chain, held[0], *chain.span(stage["held"]), stops).at)]

    def rings(self, task, at, what):
        """Whether an alarm is heard: it rings before whatever is done at the same moment."""
        if at > task["end"] or at >= self.until:
            return False
        who = task["contact"] or self.holder(task, at)
        self.rung[(task["run"], what, task["stage"], who)].append(at)
        self.counted[what] += 1
        return True

    def watch(self, task):
        """Everything that time does to a task."""
        run = self.runs[task["run"]]
        chain = self.chains[run["workflow"]]
        stage = chain.stages[task["stage"]]
        path = (run["workflow"], task["stage"])
        hold = self.hold(task, stage, chain)
        stands = merged(hold + self.stood[run["document"]])
        stands = [one for one in stands if one[0] < task["end"]]
        opened = task["opened"]
        by = chain.by(stage["due"], run["card"])
        if by is None:
            span = chain.span(stage["due"])
            due = Clock(chain, opened, *span, stands).at
            self.due_of[task["task"]] = chain.later(opened, *span)
        else:
            span = None
            due = self.ended(max(opened, by), stands)
            self.due_of[task["task"]] = max(opened, by)
        self.judge_due(task, due, stands)
        for _, ends in hold:
            if self.rings(task, ends, "hold_end"):
                self.expect(ends, "hold-ended", self.holder(task, ends), task["task"])
        for number, rule in enumerate(stage.get("remind", [])):
            for at in self.reminders(task, chain, rule, (span, by), stands):
                if self.rings(task, at, "remind"):
                    self.covered.add((*path, "remind", number))
                    kind = "due-reminder" if task["holder"] else "signing-reminder"
                    about = task["task"] if task["holder"] else run["document"]
                    self.expect(at, kind, task["contact"] or self.holder(task, at), about)
        if not self.rings(task, due, "due"):
            return
        self.covered.add((*path, "due", 0))
        timeout = stage.get("on_timeout", {})
        self.tell_overdue(task, chain, run, timeout, due)
        if task["task"] in self.escalated:
            return
        for number, rung in enumerate(stage.get("escalate", [])):
            at = Clock(chain, due, *chain.span(rung["after"]), stands).at
            if self.rings(task, at, "escalate"):
                self.covered.add((*path, "escalate", number))
                self.climbed[(task["run"], task["stage"], at)].append((task, rung))
        repeat = timeout.get("repeat")
        at = due
        for _ in range(repeat["max"] if repeat else 0):
            at = Clock(chain, at, *chain.span(repeat["every"]), stands).at
            if self.rings(task, at, "overdue"):
                self.covered.add((*path, "overdue", 0))
                self.tell_overdue(task, chain, run, timeout, at)

    def reminders(self, task, chain, rule, due, stands):
        opened = task["opened"]
        if "after" in rule:
            at = Clock(chain, opened, *chain.span(rule["after"]), stands).at
            yield at
            for _ in range(rule.get("max", 1) - 1):
                at = Clock(chain, at, *chain.span(rule["every"]), stands).at
                yield at
            return
        amount, unit = chain.span(rule["before"])
        due, by = due
        if by is not None:
            at = self.earlier(chain, opened, by, amount, unit)
            if at > opened:
                yield self.ended(at, stands)
            return
        ends = chain.later(opened, *due)
        at = self.earlier(chain, opened, ends, amount, unit)
        used = chain.used(opened, at, due[1]) if at > opened else 0
        if used > 0:
            yield Clock(chain, opened, used, due[1], stands).at

    @staticmethod
    def ended(at, stands):
        """A moment that stays where it is, or comes when whatever stands then goes on."""
        return next((ends for begins, ends in stands if begins <= at < ends), at)

    @staticmethod
    def earlier(chain, opened, ends, amount, unit):
        """The first instant from which so much is left."""
        if unit in CLOCK:
            return ends - amount
        whole = chain.calendar.passed(opened, ends, unit)
        if whole <= amount:
            return opened
        return chain.calendar.after(opened, whole - amount, unit)

    def judge_due(self, task, due, stands):
        """The date that the task shows is the one that is reckoned here."""
        at = self.until if task["state"] == "open" else task["end"]
        # A clock that has run out is not stopped.
        is_held = any(begins <= at < ends and begins < due for begins, ends in stands)
        shown = task["due"]
        if shown is None if is_held else shown is not None and abs(shown - due) <= TOLERATED:
            return
        self.wrong.append(f"due: {self.named(task)} shows {self.said(shown)}, is {self.said(due)}")

    def tell_overdue(self, task, chain, run, timeout, at):
        holder = self.holder(task, at)
        told = {holder} if holder else set()
        for who in timeout.get("notify", []):
            found = self.resolved(chain, run, who, task, at)
            nearest = isinstance(who, dict) and "manager_of" in who
            told.update(found[:1] if nearest else found)
        for person in told:
            self.expect(at, "overdue", person, task["task"])

    def climb(self):
        """A rung asks somebody who may be asked, or tells administrators that there is nobody."""
        for (run_id, path, at), rungs in self.climbed.items():
            run = self.runs[run_id]
            chain = self.chains[run["workflow"]]
            close = lambda other: abs(other["opened"] - at) <= TOLERATED
            new = [one for one in self.of_run[run_id] if one["stage"] == path and close(one)]
            asked = {self.holder(one) for one in new}
            for task, rung in rungs:
                meant, mine = set(), set()
                for who in rung["add"]:
                    found = self.resolved(chain, run, who, task, at)
                    meant.update(found)
                    here = [one for one in found if one in asked]
                    # Of the managers above, the nearest who may; of others, all who may.
                    nearest = isinstance(who, dict) or "manager_of" in chain.participants[who]
                    mine.update(here[:1] if nearest else here)
                if mine:
                    asked -= mine
                    self.counted["escalated"] += 1
                    continue
                free = [one for one in meant if self.may(run, chain, path, one)]
                if free:
                    names = ", ".join(self.email(one) for one in free)
                    self.wrong.append(f"escalation: {self.named(task)} asks nobody, not {names}")
                self.counted["found nobody"] += 1
                for administrator in self.holders("administrator"):
                    self.expect(at, "escalation-failed", administrator, task["task"])

    def may(self, run, chain, path, person):
        tasks = self.of_run[run["run"]]
        here = [one for one in tasks if one["stage"] == path]
        has_part = any(person in (one["holder"], self.holder(one)) for one in here)
        decided = any(act["who"] == person for act in self.acts if act["run"] == run["run"])
        return not (has_part or person == run["initiator"] or chain.has_rules and decided)

    def letters(self):
        """What follows from what was done."""
        for run in self.runs.values():
            self.letters_of(run, self.of_run[run["run"]])
        for task in self.tasks:
            self.opened(task)
            self.dropped(task)
            self.stood_in(task)
        ended = {}
        for act in self.acts:
            run = self.runs[act["run"]]
            if run["phase"] == "completed" and act["at"] == run["finished"]:
                ended[act["run"]] = act
        for act in self.acts:
            run = self.runs[act["run"]]
            at = act["at"]
            if act["decision"] == "approve_with_remarks":
                self.expect(at, "remarks", run["initiator"], act["task"])
            if act["decision"] == "sign":
                self.expect(at, "certificate-issued", act["who"], run["document"])
                # That everything is done tells of the last signature too.
                if act is not ended.get(act["run"]):
                    self.expect(at, "signed", run["initiator"], act["task"])
            if act["who"] in self.contacts:
                self.expect(at, "code", act["who"], run["document"])
                if act["decision"] == "reject":
                    self.expect(at, "answer-recorded", act["who"], run["document"])
        for person in self.people.values():
            if person["letters"] == "daily":
                self.digests(person["id"])

    def opened(self, task):
        if task["contact"]:
            document = self.runs[task["run"]]["document"]
            self.expect(task["opened"], "signing-invitation", task["contact"], document)
        elif not self.waits(self.holder(task), self.due_of[task["task"]], task["opened"]):
            self.expect(task["opened"], "task-opened", self.holder(task), task["task"])
        for row in self.handed[task["task"]]:
            self.expect(row["at"], "task-delegated", row["to"], task["task"])

    def dropped(self, task):
        if task["state"] != "closed" or task["reason"] == "claimed":
            return
        if task["contact"]:
            if self.runs[task["run"]]["phase"] != "rejected":
                self.expect(task["closed"], "task-withdrawn", task["contact"], task["task"])
            return
        due = self.due_of[task["task"]]
        was_told = not self.waits(self.holder(task), due, task["opened"])
        if was_told or not self.waits(task["holder"], task["due"], task["closed"]):
            self.expect(task["closed"], "task-withdrawn", task["holder"], task["task"])

    def stood_in(self, task):
        for absence in self.absences:
            if task["kind"] == "sign" and absence["powers"] != "sign":
                continue
            at = max(absence["from"], task["opened"])
            if absence["person"] != self.holder(task, at):
                continue
            if at < absence["until"] and (at < task["end"] or task["state"] == "open"):
                self.expect(at, "stands-in", absence["substitute"], task["task"])

    def digests(self, person):
        at = self.next_letter(self.month["from"])
        tasks = [task for task in self.tasks if not task["contact"]]
        while at < self.until:
            mine = [task for task in tasks if self.holder(task, at) == person]
            if any(task["opened"] < at and (task["closed"] or NEVER) > at for task in mine):
                self.expect(at, "task-digest", person, person)
            at = self.next_letter(at)

    def letters_of(self, run, tasks):
        """What is told of a document as a whole."""
        signing = defaultdict(list)
        for task in tasks:
            if task["kind"] == "sign":
                signing[task["round"]].append(task["opened"])
        for opened in signing.values():
            self.expect(min(opened), "approved", run["initiator"], run["run"])
        for number in range(1, run["round"] + 1):
            mine = [task for task in tasks if task["round"] == number and task["closed"]]
            # What was taken back while it was reworked had no task to be closed.
            is_back = (
                run["phase"] == "withdrawn"
                and any(task["decision"] == "return" for task in mine)
                and all(task["reason"] != "withdrawn" for task in mine)
            )
            if number < run["round"] or run["phase"] == "rework" or is_back:
                # Stages that stand side by side are over with the last decision of the round.
                acts = [act["at"] for task in mine for act in self.acted[task["task"]]]
                self.expect(max(acts), "returned", run["initiator"], run["run"])
        decided = [
            (act["who"], act["decision"])
            for task in tasks
            if task["version"] == run["version"]
            for act in self.acted[task["task"]]
            if act["decision"] == task["decision"] and act["decision"] in AGREED
        ]
        agreed = {who for who, _ in decided}
        at = run["finished"]
        if run["phase"] == "completed":
            signed = any(decision == "sign" for _, decision in decided)
            kind = "completed" if signed else "approved"
            for who in agreed | {run["initiator"]}:
                self.expect(at, kind, who, run["run"])
            for effect in self.chains[run["workflow"]].completed:
                for who in effect.get("notify", {}).get("to", []):
                    found = self.resolved(self.chains[run["workflow"]], run, who)
                    for person in found:
                        self.expect(at, "notice", person, run["run"])
        if run["phase"] == "rejected":
            last = [task for task in tasks if task["decision"] == "reject"]
            by_contact = any(task["contact"] for task in last)
            self.expect(at, "refused" if by_contact else "rejected", run["initiator"], run["run"])
            asked = {
                task["contact"] for task in tasks
                if task["contact"] and task["reason"] == "rejected"
            }
            for who in agreed | asked:
                self.expect(at, "rejected", who, run["run"])

    # What did happen.

    def compare(self):
        came = defaultdict(list)
        for mail in self.mails:
            if mail["at"] is None:
                self.wrong.append(f"letter: {self.letter(mail)} was written and never came")
            else:
                came[(mail["kind"], mail["to"], mail["about"])].append(mail["at"])
        self.match("letter", self.expected, came)
        ids = Counter(mail["message"] for mail in self.mails)
        for message, times in ids.items():
            if times > 1:
                self.wrong.append(f"letter: {message} came {times} times")
        document = {run["run"]: run["document"] for run in self.runs.values()}
        expected = defaultdict(list)
        for (run, *rest), moments in self.rung.items():
            expected[(document[run], *rest)] += moments
        heard = defaultdict(list)
        for alarm in self.alarms:
            key = (alarm["document"], alarm["what"], alarm["stage"], alarm["of"])
            heard[key].append(alarm["at"])
        self.match("alarm", expected, heard)

    def match(self, what, expected, found):
        for key in sorted(expected.keys() | found.keys(), key=str):
            wanted, got = sorted(expected.get(key, [])), sorted(found.get(key, []))
            name = f"{what}: {' '.join(str(part) for part in key)}"
            i = j = 0
            while i < len(wanted) or j < len(got):
                if i < len(wanted) and j < len(got) and abs(wanted[i] - got[j]) <= TOLERATED:
                    i, j = i + 1, j + 1
                elif j < len(got) and j > 0 and got[j] == got[j - 1]:
                    self.wrong.append(f"{name}: twice at {self.said(got[j])}")
                    j += 1
                elif i < len(wanted) and j < len(got) and len(wanted) - i == len(got) - j:
                    how = "early" if got[j] < wanted[i] else "late"
                    self.wrong.append(
                        f"{name}: {how}: at {self.said(got[j])}, is {self.said(wanted[i])}"
                    )
                    i, j = i + 1, j + 1
                elif j == len(got) or i < len(wanted) and wanted[i] < got[j]:
                    self.wrong.append(f"{name}: missing at {self.said(wanted[i])}")
                    i += 1
                else:
                    self.wrong.append(f"{name}: without a reason at {self.said(got[j])}")
                    j += 1

    def check(self):
        self.climbed = defaultdict(list)
        self.due_of = {}
        # Whoever is asked by a rung has no rungs of their own: rungs first, in their order.
        tasks = sorted(self.tasks, key=lambda task: (task["opened"], task["number"]))
        for task in tasks:
            at = (task["run"], task["stage"])
            moments = [key[2] for key in self.climbed if key[:2] == at]
            if any(abs(moment - task["opened"]) <= TOLERATED for moment in moments):
                self.escalated.add(task["task"])
            self.watch(task)
        self.climb()
        self.letters()
        self.compare()

    def said(self, at):
        if at is None:
            return "nothing"
        moment = EPOCH + timedelta(microseconds=at)
        return moment.astimezone(self.zone).isoformat(sep=" ")

    def named(self, task):
        run = self.runs[task["run"]]
        who = self.email(task["contact"] or self.holder(task))
        return f"{run['workflow']} {task['stage']} of {who} since {self.said(task['opened'])}"

    @staticmethod
    def letter(mail):
        return f"{mail['kind']} to {mail['to']} about {mail['about']}"

    def reached(self):
        """How many of the rungs, repetitions and reminders that chains name this month came to."""
        named = set()
        for name, chain in self.chains.items():
            for path, stage in chain.stages.items():
                for what in ("remind", "escalate"):
                    named |= {(name, path, what, one) for one in range(len(stage.get(what, [])))}
                if "repeat" in stage.get("on_timeout", {}):
                    named.add((name, path, "overdue", 0))
        climbs = {one for one in named if one[2] != "remind"}
        missed = [" ".join(map(str, one[:2])) for one in sorted(climbs - self.covered)]
        reminders = named - climbs
        return (
            f"came to {len(climbs & self.covered)} of {len(climbs)} rungs and repetitions, "
            f"{len(reminders & self.covered)} of {len(reminders)} reminders"
            + "".join(f"\n  never: {one}" for one in missed)
        )


def main():
    month = Month(Path(sys.argv[1]), Path(sys.argv[2]))
    month.check()
    kinds = Counter(mail["kind"] for mail in month.mails)
    workflows = {run["workflow"] for run in month.runs.values()}
    phases = Counter(run["phase"] for run in month.runs.values())
    counted = month.counted
    print(
        f"{len(month.people)} people, {len(workflows)} chains, {len(month.runs)} documents "
        f"({', '.join(f'{count} {phase}' for phase, count in sorted(phases.items()))}), "
        f"{len(month.tasks)} tasks, {len(month.acts)} decisions, {len(month.mails)} letters"
    )
    print(
        f"{counted['remind']} reminders, {counted['due']} due dates that passed, "
        f"{counted['overdue']} repetitions, {counted['escalate']} rungs "
        f"({counted['escalated']} asked somebody, {counted['found nobody']} found nobody), "
        f"{counted['hold_end']} holds that ended"
    )
    print(", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    print(month.reached())
    print(f"differences: {len(month.wrong)}")
    for one in month.wrong[:60]:
        print(f"  {one}")
    sys.exit(1 if month.wrong else 0)


if __name__ == "__main__":
    main()
