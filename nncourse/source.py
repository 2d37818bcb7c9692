"""The package's own source, shown where a chapter talks about it.

A listing that is retyped drifts away from the code that runs. `show_source` fetches the code
itself, so what a chapter shows is what its next cell executes.
"""

import inspect
import textwrap

__all__ = ["Source", "show_source"]


class Source:
    """A piece of Python source: plain text in a terminal, highlighted code in a notebook."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self):
        return self.text

    def _repr_markdown_(self):
        fence = "```"
        while fence in self.text:
            fence += "`"
        return f"{fence}python\n{self.text}\n{fence}"


def show_source(thing) -> Source:
    """Return the source of a function, method, class or module; of an instance, its class's."""
    has_source = inspect.isroutine(thing) or inspect.isclass(thing) or inspect.ismodule(thing)
    definition = thing if has_source else type(thing)
    try:
        text = inspect.getsource(definition)
    except (TypeError, OSError) as error:
        kind = getattr(thing, "__name__", None) or f"an object of type {type(thing).__name__}"
        message = f"expected a function or class of Python source, got {kind}"
        raise TypeError(message) from error
    return Source(textwrap.dedent(text).rstrip())
