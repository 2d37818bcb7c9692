"""Every page against the rules of WCAG 2.1, A and AA, by axe-core, with no exceptions for the theme.

What a reader can unfold or choose is unfolded and chosen before. In light the page is wide, in dark it is narrow.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from .pages import page_names, settle

RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}

UNFOLD = """() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (const question of document.querySelectorAll(".nn-widget fieldset")) question.querySelector("input").click();
}"""


def violations(page):
    """What axe finds: the rule, the element in short, what to do."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], node["html"][:150], node["failureSummary"][:300]) for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("theme", "width"), [("light", 1200), ("dark", 360)])
@pytest.mark.parametrize("name", page_names())
def test_a_page_breaks_no_rule_of_accessibility(open_page, book, name, theme, width):
    page = settle(open_page((book.html / f"{name}.html").as_uri(), theme=theme, width=width))
    page.evaluate(UNFOLD)
    assert violations(page) == []


def test_broken_rules_are_found(open_page, book):
    """The check above can fail: on a faint word, a picture without words, and a field without a name."""
    page = settle(open_page((book.html / f"{page_names()[0]}.html").as_uri()))
    faults = '<p style="color: #bbb; background: #fff">faint</p><img src="data:,"><input type="text">'
    page.evaluate("(faults) => document.querySelector('article').insertAdjacentHTML('beforeend', faults)", faults)
    assert {rule for rule, *_ in violations(page)} == {"color-contrast", "image-alt", "label"}
