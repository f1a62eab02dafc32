"""What `bench/assignment.py` runs: cases of planning drawn by a seed; ours timed, CBC's answer to the same model."""

from __future__ import annotations

import json
import random
import sys
import time
from decimal import Decimal

from toile.pathway.rules.planning import Adviser, Case, Firm, plan, points

SKILLS = ("finance", "commerce", "juridique", "ess")
PLACES = tuple(f"42{number:03d}" for number in range(20))


def case(kind: str, seed: str, firms: str = "300", advisers: str = "12", weeks: str = "48") -> Case:
    """Scores to the millionth, visits of a half day or a day, weeks of a half day to a day and a half.

    kind: `open`, everybody may see every firm in any week; `held`, skills, places, leave and conflicts hold them back.
    """
    drawn = random.Random(int(seed))
    names = [f"F{number}" for number in range(int(firms))]
    made = tuple(
        Firm(name, round(drawn.uniform(0, 75), 6), Decimal(drawn.choice(("0.5", "0.5", "0.5", "1"))),
             frozenset(drawn.sample(SKILLS, drawn.choice((0, 1)))), drawn.choice(PLACES))
        for name in names
    )  # fmt: skip
    held = kind == "held"
    team = tuple(
        Adviser(
            f"A{number}",
            tuple(Decimal(drawn.choice(("0.5", "0.5", "1", "1.5"))) for _ in range(int(weeks))),
            frozenset(drawn.sample(SKILLS, 3 if held else 4)),
            frozenset(drawn.sample(PLACES, 15)) if held else frozenset(),
            frozenset(drawn.sample(range(1, int(weeks) + 1), int(weeks) // 8 if held else 0)),
            frozenset(drawn.sample(names, len(names) // 50 if held else 0)),
            frozenset(drawn.sample(names, len(names) // int(advisers))),
            {name: drawn.randrange(0, 40) / 10 for name in names},
        )
        for number in range(int(advisers))
    )
    return Case(made, team, int(weeks))


def ours(*arguments: str) -> dict[str, float]:
    asked = case(*arguments)
    start = time.perf_counter()
    found = plan(asked)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "points": found.points, "owed": len(found.owed), "proven": found.proven}


def cbc(owed: str, *arguments: str) -> dict[str, float]:
    """The whole model, as domain H11 writes it, given to CBC: `owed` deadlines may be missed, as ours says."""
    import pulp

    asked = case(*arguments)
    problem = pulp.LpProblem("plan", pulp.LpMaximize)
    worth, taken, kept = [], {}, []
    for firm in asked.firms:
        once = []
        for adviser in asked.advisers:
            if adviser.refusal(firm):
                continue
            for week in range(1, asked.weeks + 1):
                if adviser.days_in(week) < firm.days:
                    continue
                chosen = pulp.LpVariable(f"{firm.code}_{adviser.code}_{week}", cat="Binary")
                once.append((chosen, 1))
                worth.append((chosen, points(firm, adviser, week)))
                taken.setdefault((adviser.code, week), []).append((chosen, float(firm.days)))
                if firm.deadline and week <= firm.deadline:
                    kept.append((chosen, 1))
        problem += pulp.LpAffineExpression(once) <= 1
    team = {adviser.code: adviser for adviser in asked.advisers}
    for (code, week), days in taken.items():
        problem += pulp.LpAffineExpression(days) <= float(team[code].days_in(week))
    deadlines = sum(firm.deadline is not None for firm in asked.firms)
    problem += pulp.LpAffineExpression(kept) >= deadlines - int(owed)
    problem.setObjective(pulp.LpAffineExpression(worth))
    start = time.perf_counter()
    problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0, gapAbs=1e-7))
    seconds = time.perf_counter() - start
    assert problem.status == pulp.LpStatusOptimal
    return {"seconds": seconds, "points": pulp.value(problem.objective), "choices": len(worth)}


if __name__ == "__main__":
    print(json.dumps({"ours": ours, "cbc": cbc}[sys.argv[1]](*sys.argv[2:])))
