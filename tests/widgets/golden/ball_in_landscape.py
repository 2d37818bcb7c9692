"""Walks, fates and curvatures on three landscapes."""

from nncourse.widgets import BallInLandscape
from nncourse.widgets.ball_in_landscape import FATES, LANDSCAPES, RATES

PLACES = [(0.0, 0.0), (1.0, 1.0), (-1.3, 0.7), (1.9, -0.2), (0.1, 1.5)]
RULES = [(0.05, 0.0, 0.0), (0.2, 0.9, 0.0), (0.1, 0.0, 0.4), (0.02, 0.5, 3.0)]
PICKED = [0, 1, 2, 20, 100, -1]


def compute():
    """Heights, slopes, bends, walks, and the share of the starts that have the first fate."""
    faces, walks, shares = {}, [], []
    for name, surface in LANDSCAPES.items():
        widget = BallInLandscape(name)
        faces[name] = {
            "start": surface.start,
            "domain": surface.domain,
            "first": FATES[name][0],
            "heights": [[height, *slopes.tolist()] for height, slopes in map(surface, PLACES)],
            "slopes": [widget.slope(place) for place in PLACES],
            "curvatures": [widget.curvatures(place) for place in PLACES],
            "kinds": [widget.kind(place) for place in PLACES],
        }
        for rate, momentum, noise in RULES:
            ball = BallInLandscape(name, rate=rate, momentum=momentum, noise=noise, seed=3)
            path = ball.path()
            settings = {"landscape": name, "start": ball.start, "rate": rate, "momentum": momentum}
            fate = (*FATES[name], "neither").index(ball.fate(path))
            walks.append(
                {
                    "settings": settings | {"noise": noise, "seed": 3},
                    "length": len(path),
                    "path": path[[min(step, len(path) - 1) for step in PICKED]].tolist(),
                    "fate": fate if fate < 2 else -1,
                }
            )
        for rate, momentum in ((0.05, 0.0), (0.1, 0.9), (1.0, 0.0)):
            share = BallInLandscape(name, rate=rate, momentum=momentum).share()
            shares.append({"landscape": name, "rate": rate, "momentum": momentum, "share": share})
    return {"places": PLACES, "picked": PICKED, "rates": RATES, "faces": faces, "walks": walks, "shares": shares}
