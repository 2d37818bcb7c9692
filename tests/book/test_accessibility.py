"""Every page against the rules of WCAG 2.1, A and AA, by axe-core, with no exceptions for the theme.

What a reader can unfold or choose is unfolded and chosen before.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from .pages import page_names, settle

CONTRAST = "color-contrast"
STRUCTURE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "rules": {CONTRAST: {"enabled": False}}}
COLOURS = {"runOnly": [CONTRAST]}

UNFOLD = """() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (const question of document.querySelectorAll(".nn-widget fieldset")) question.querySelector("input").click();
}"""

# Whether words can be read depends on their colour and size, and on the grounds behind them. So of all words that agree
# in these, one is looked at.
MARK_ONE_OF_EACH = """() => {
  const seen = new Set(), grounds = new WeakMap();
  const ground = (element) => {
    if (!element) return "";
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity, filter } = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity, filter].join(" ");
      grounds.set(element, `${own}; ${ground(element.parentElement)}`);
    }
    return grounds.get(element);
  };
  for (const element of document.body.querySelectorAll("*")) {
    delete element.dataset.sample;
    if (![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    const style = getComputedStyle(element);
    if (style.visibility !== "visible" || !element.getClientRects().length) continue;
    const { color, fill, fontSize, fontWeight, textShadow, position } = style;
    const kind = [color, fill, fontSize, fontWeight, textShadow, position, ground(element)].join("; ");
    if (!seen.has(kind)) element.dataset.sample = "";
    seen.add(kind);
  }
}"""


# Of a formula MathJax makes a hundred elements, of few kinds: by their tags, their attributes, and what they stand in.
# A formula with no kind that is new to the page is left out.
MARK_FORMULAS_THAT_ARE_LIKE_OTHERS = """() => {
  const seen = new Set();
  const telling = /^(role|tabindex|aria-(?!labelledby|describedby|owns))/;
  const told = ({ name, value }) => (telling.test(name) ? name + value : name);
  const kind = (element) => [element.localName, ...[...element.attributes].map(told).sort()].join(" ");
  for (const formula of document.querySelectorAll("mjx-container")) {
    const kinds = [formula, ...formula.querySelectorAll("*")].map((one) => `${kind(one.parentElement)} > ${kind(one)}`);
    if (kinds.every((one) => seen.has(one))) formula.dataset.alike = "";
    for (const one of kinds) seen.add(one);
  }
}"""


def violations(page, options, context=None):
    """What axe finds: the rule, the element in short, what to do."""
    found = Axe().run(page, context, {"resultTypes": ["violations"], **options}).response["violations"]
    return [(one["id"], node["html"][:150], node["failureSummary"][:300]) for one in found for node in one["nodes"]]


def faults_of_colour(page):
    page.evaluate(MARK_ONE_OF_EACH)
    return violations(page, COLOURS, {"include": [[":is([data-sample], input, select)"]]})


@pytest.mark.parametrize("name", page_names())
def test_a_page_breaks_no_rule_of_accessibility(open_page, book, name):
    page = settle(open_page((book.html / f"{name}.html").as_uri()))
    page.evaluate(UNFOLD)
    page.evaluate(MARK_FORMULAS_THAT_ARE_LIKE_OTHERS)
    assert violations(page, STRUCTURE, {"exclude": [["[data-alike]"]]}) == []
    assert faults_of_colour(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert faults_of_colour(page) == []


def test_a_formula_with_a_fault_of_its_own_is_looked_at(open_page, book):
    page = settle(open_page((book.html / "book" / "02-sigmoid-neuron.html").as_uri()))
    page.locator("mjx-container").last.evaluate("(formula) => formula.setAttribute('role', 'unheard-of')")
    page.evaluate(MARK_FORMULAS_THAT_ARE_LIKE_OTHERS)
    assert page.locator("mjx-container").count() > 3 * page.locator("mjx-container:not([data-alike])").count()
    assert {rule for rule, *_ in violations(page, STRUCTURE, {"exclude": [["[data-alike]"]]})} == {"aria-roles"}


def test_broken_rules_are_found(open_page, book):
    """The checks above can fail: on faint words, on a picture without words, on a field without a name."""
    page = settle(open_page((book.html / f"{page_names()[0]}.html").as_uri()))
    faults = '<p style="color: #bbb; background: #fff">faint</p><img src="data:,"><input type="text">'
    page.evaluate("(faults) => document.querySelector('article').insertAdjacentHTML('beforeend', faults)", faults)
    assert {rule for rule, *_ in violations(page, STRUCTURE)} == {"image-alt", "label"}
    assert {rule for rule, *_ in faults_of_colour(page)} == {CONTRAST}
