"""An explanation: a hypothetical call through the real model, step by step."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any

from config.schema import Agent, Centre
from madoguchi.explaining import wording
from madoguchi.explaining.candidates import Candidate, Figures, rule_of
from madoguchi.explaining.driver import CALL, Driver
from madoguchi.explaining.script import Script
from sounds import catalogue
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.calendar import Calendar
from telephony.model.centre import Centre as Model
from telephony.model.facts import Outcome
from telephony.model.ids import AgentName, Instant, QueueName
from telephony.model.rulings import Override, Ruling
from telephony.public_holidays import japanese_holiday

SIGNED_IN_BEFORE_S = 3_600.0
"""Operators count as ready for an hour: all alike."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The call in question. *ready* names operators (None: everybody), *emergency* the message in force."""

    caller: str | None
    dialled: str
    at: Instant
    keys: tuple[str, ...] = ()
    ready: tuple[str, ...] | None = None
    overrides: tuple[Override, ...] = ()
    emergency: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One moment: sentences, the texts of prompts, and who could be offered the call."""

    at: str
    after_s: float
    decides: list[str]
    prompts: list[str]
    candidates: list[Candidate]
    rule: str

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        shown = [candidate.as_json() for candidate in self.candidates]
        plain = {"at": self.at, "after_s": self.after_s, "decides": self.decides, "prompts": self.prompts}
        return plain | ({"candidates": shown, "rule": self.rule} if shown else {})

    def lines(self) -> list[str]:
        """Return it as people read it."""
        head = f"{self.at[11:19]}  +{self.after_s:g}s"
        told = [f"{head}  {sentence}" for sentence in self.decides]
        told += [f"{head}  「{text}」" for text in self.prompts]
        told += [f"{' ' * len(head)}  選び方：{self.rule}"] if self.candidates else []
        return told + [f"{' ' * len(head)}    {_line(candidate)}" for candidate in self.candidates]


@dataclass(slots=True)
class Explanation:
    """What happens to the call. *next_opening* is None when it is open."""

    calendar: Calendar
    outcome: str = ""
    ruling: Ruling | None = None
    next_opening: Instant | None = None
    steps: list[Step] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the shape of docs/interface.md."""
        opens, ruling = self.next_opening, self.ruling
        return {
            "outcome": self.outcome,
            "open": ruling is not None and ruling.open,
            "reason": "" if ruling is None else ruling.text,
            "next_opening": None if opens is None else self.calendar.local(opens).isoformat(),
            "steps": [step.as_json() for step in self.steps],
        }

    def lines(self) -> list[str]:
        """Return all of it as people read it."""
        content = self.as_json()
        opens = f"、次の受付 {content['next_opening'][:16]}" if content["next_opening"] else ""
        head = (
            f"{'受付中' if content['open'] else '受付時間外'}（{content['reason']}{opens}） → {self.outcome}"
        )
        return [head, *(line for step in self.steps for line in step.lines())]


def explain(plan: Centre, roster: Sequence[Agent], asked: Asked) -> Explanation:
    """Run the model with *plan* and *roster* on the call. Raises `ModelError` for an unknown operator."""
    model = model_for(plan, roster, asked, Script(catalogue.load(plan)))
    floor = model.floor
    explanation, figures = Explanation(floor.calendar), Figures(floor)
    live = None

    def seen(now: Instant, decided: Sequence[cmd.Command]) -> None:
        nonlocal live
        live = floor.calls.get(CALL, live)
        looked_for = live if live is not None and live.queue is not None and _chooses(decided) else None
        step = Step(
            at=floor.calendar.local(now).isoformat(timespec="seconds"),
            after_s=round(now - asked.at, 1),
            decides=wording.sentences(decided, plan),
            prompts=wording.prompts(decided),
            candidates=figures.candidates(looked_for, _chosen(decided)) if looked_for else [],
            rule=rule_of(floor.queue_of(looked_for).strategy) if looked_for else "",
        )
        if step.decides or step.prompts:
            explanation.steps.append(step)
        explanation.outcome = _outcome(decided) or explanation.outcome

    arrival = ev.CallArrived(CALL, asked.caller, asked.dialled, "explain")
    Driver(model, asked.keys, figures.look, seen).run(arrival, asked.at)
    queue = live.queue if live is not None and explanation.outcome == Outcome.CLOSED else None
    _judge(explanation, asked, queue)
    return explanation


def difference(before: Explanation, after: Explanation) -> list[str]:
    """Return the lines that differ, as a unified diff."""
    return list(unified_diff(before.lines(), after.lines(), "published", "proposed", lineterm="", n=1))


def model_for(plan: Centre, roster: Sequence[Agent], asked: Asked, script: Script) -> Model:
    """Return the model as it is when the call comes in: everybody in question is ready for an hour."""
    model = Model(plan, script, random.Random(1), holidays=japanese_holiday)  # noqa: S311 - guards nothing
    before = Instant(asked.at - SIGNED_IN_BEFORE_S)
    model.handle(ev.RosterChanged(tuple(roster)), before)
    everybody = [agent.name for agent in roster]
    for name in everybody if asked.ready is None else asked.ready:
        model.handle(ev.PhoneChanged(AgentName(name), registered=True), before)
        model.handle(ev.AgentReadied(AgentName(name)), before)
    model.handle(ev.OverridesChanged(asked.overrides), before)
    model.handle(ev.EmergencyChanged(asked.emergency), before)
    return model


def _judge(explanation: Explanation, asked: Asked, queue: QueueName | None) -> None:
    calendar = explanation.calendar
    explanation.ruling = calendar.ruling(asked.at, asked.dialled, queue)
    if not explanation.ruling.open:
        explanation.next_opening = calendar.next_opening(asked.at, asked.dialled, queue)


def _chooses(decided: Sequence[cmd.Command]) -> bool:
    """Whether somebody was looked for: when the call joins the line, and when it is offered."""
    kinds = {command.kind for command in decided if isinstance(command, cmd.Record)}
    return bool(kinds & {"queue.entered", "offer.made"})


def _chosen(decided: Sequence[cmd.Command]) -> AgentName | None:
    return next((command.agent for command in decided if isinstance(command, cmd.Offer)), None)


def _outcome(decided: Sequence[cmd.Command]) -> str | None:
    ends = (c for c in decided if isinstance(c, cmd.Record) and c.kind == "call.ended")
    return next((str(end.data["outcome"]) for end in ends), None)


def _line(candidate: Candidate) -> str:
    mark = "→" if candidate.chosen else "・"
    state = "" if candidate.ready else f"、{candidate.state}"
    closed = "" if candidate.tier_open else "、まだ開いていない段階"
    skill = f"重み {candidate.weight}、段階 {candidate.tier}"
    load = f"負荷 V {candidate.load_v:g} ＋ {candidate.spared_s:g}"
    figures = f"{skill}、{load}、空き {candidate.idle_s:g} 秒"
    return f"{mark} {candidate.title}（{candidate.name}） {figures}{state}{closed}"
