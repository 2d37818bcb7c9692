"""The race: every surface, and on it every rule over 100 steps."""

import numpy as np

from nncourse import widgets
from nncourse.widgets.optimizer_race import RATES, RULES, SURFACES

# Low enough for every rule to stay where a rounding error does not grow, and one that throws some out.
RATE = {"Rosenbrock": 0.0005}
PLACES = [(0.0, 0.0), (1.0, 1.0), (-1.3, 0.7), (2.0, -0.9), (0.1, 3.0), (1e-6, -1e-6)]


def compute():
    """Heights, slopes, walks, arrivals and best rates."""
    faces, walks, best = {}, [], []
    for name, surface in SURFACES.items():
        heights = [[value, *slopes.tolist()] for value, slopes in map(surface, PLACES)]
        faces[name] = {"start": surface.start, "domain": surface.domain, "heights": heights}
        for start in (surface.start, (1.5, -0.8)):
            race = widgets.OptimizerRace(name, start)
            for rule in RULES:
                rate = RATE.get(name, 0.02)
                told = {"surface": name, "start": start, "rule": rule, "rate": rate, "goal": race.goal()}
                losses = race.losses(rule, rate)
                walks.append(
                    told
                    | {
                        "path": np.array(race.path(rule, rate))[[1, 2, 5, 20, 60, 100]].tolist(),
                        "losses": losses[[0, 1, 50, 100]].tolist(),
                        "arrival": race.arrival(rule, rate),
                    }
                )
        race = widgets.OptimizerRace(name)
        if name in ("turned ravine", "Rosenbrock"):
            told = {"surface": name, "start": race.start}
            best += [told | {"rule": rule, "rate": race.best_rate(rule)} for rule in RULES]
    lost = widgets.OptimizerRace("Rosenbrock").losses("sgd", 0.1)[-1] == np.inf
    return {"places": PLACES, "rates": RATES, "surfaces": faces, "walks": walks, "best": best, "lost": bool(lost)}
