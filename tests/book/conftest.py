"""Where the pages of the book are read: from a server, and from a folder on the reader's own disk."""

import pytest


@pytest.fixture(scope="module", params=["http", "file"])
def address(request, book, site):
    """The address of a page by its name: `address("book/01-from-neuron-to-perceptron")`."""
    if request.param == "http":
        return lambda name: f"{site}/{name}.html"
    return lambda name: (book.html / f"{name}.html").as_uri()
