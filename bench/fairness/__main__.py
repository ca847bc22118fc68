"""Is the distribution fair, and does fairness cost waiting? ``python -m bench.fairness``.

Prints a table per set-up and writes ``bench/out/fairness.json``; exits 1 if the default strategy misses a
target. About three minutes with the default length.
"""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.fairness.figures import Figures, figures
from bench.fairness.optimum import optimum
from bench.fairness.setups import SETUPS, SetUp
from bench.fairness.simulate import Centre
from config.schema import Strategy

DEFAULT = Strategy.LEAST_WEIGHTED_LOAD
BESIDE = (Strategy.LONGEST_IDLE, Strategy.RR_MEMORY, Strategy.LEAST_RECENT)
OUT = Path("bench/out/fairness.json")
Results = dict[Strategy, Figures]


def measure(setup: SetUp, calls: int, seeds: int) -> tuple[float, Results]:
    """Return the optimal mean queue of *setup* and what every strategy did with the same traffic."""
    best = optimum(setup)
    results = {}
    for strategy in (DEFAULT, *BESIDE):
        days = [Centre(setup, strategy, seed, best).run(calls) for seed in range(seeds)]
        results[strategy] = figures(setup, best, days)
    return best.mean_queue, results


def show(console: Console, setup: SetUp, mean_queue: float, results: Results) -> None:
    """Print one set-up's table."""
    note = "" if setup.judged else "; not judged"
    title = f"{setup.name}: {setup.about} (best mean queue {mean_queue:.4f}{note})"
    table = Table(title=title, title_justify="left")
    for heading in ("strategy", "highest/bound", "strict", "wait/optimum", "±", "load CV"):
        table.add_column(heading, justify="left" if heading == "strategy" else "right")
    for strategy, it in results.items():
        row = (it.occupancy, it.strict, it.wait, it.spread, it.variation)
        table.add_row(strategy.value, *(f"{value:.4f}" for value in row))
    console.print(table)


def fragment(setup: SetUp, results: Results, rounds: int) -> dict[str, object]:
    """Return this set-up's part of the bench file, in the shape of docs/interface.md."""
    parts: dict[str, object] = {}
    for name in ("occupancy", "strict", "wait", "variation"):
        values = {strategy.value: getattr(it, name) for strategy, it in results.items()}
        ours = values.pop(DEFAULT.value)
        parts[f"distribution.{setup.name}.{name}"] = {
            "ours": ours,
            "peers": values,
            "ratio": ours / min(values.values()),
            "unit": "coefficient" if name == "variation" else "times the best possible",
            "rounds": rounds,
            "spread": results[DEFAULT].spread if name == "wait" else None,
        }
    return parts


def main(
    calls: Annotated[int, typer.Option(help="calls per run")] = 20_000,
    seeds: Annotated[int, typer.Option(help="runs per strategy")] = 3,
    only: Annotated[str, typer.Option(help="names of set-ups, comma-separated; all if empty")] = "",
) -> None:
    """Measure, print, write, and say whether the targets are met."""
    console = Console(width=110)
    parts: dict[str, object] = {}
    missed = []
    for setup in SETUPS:
        if only and setup.name not in only.split(","):
            continue
        mean_queue, results = measure(setup, calls, seeds)
        show(console, setup, mean_queue, results)
        parts |= fragment(setup, results, seeds)
        if setup.judged and not results[DEFAULT].within:
            missed.append(setup.name)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")
    console.print(f"targets missed in: {', '.join(missed)}" if missed else "every target is met")
    raise typer.Exit(1 if missed else 0)


if __name__ == "__main__":
    typer.run(main)
