"""Chance that Python and JavaScript share: mulberry32 (Ettinger, 2017), by the number of the draw."""


def draw(seed: int, i: int) -> float:
    """Return the i-th number between 0 and 1 of a seed, i from 1 on."""
    word = 0xFFFFFFFF
    a = (seed + i * 0x6D2B79F5) & word
    a = ((a ^ a >> 15) * (a | 1)) & word
    a ^= (a + (a ^ a >> 7) * (a | 61)) & word
    return (a ^ a >> 14) / 2**32


def draws(seed: int, count: int) -> list[float]:
    """Return the first numbers of a seed."""
    return [draw(seed, i) for i in range(1, count + 1)]
