"""The chain rule, factor by factor: Python and the page tell the same."""

import math

import pytest
import traitlets as t

from nncourse.widgets import ChainRule, ThreeTwoOne
from nncourse.widgets.chain_rule import EXPRESSIONS


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("look", [0, 1, 2])
def test_the_products_of_all_paths_add_up_to_the_slope(expression, look):
    widget = ChainRule(expression, look=look)
    leaf = list(EXPRESSIONS[expression][0])[look]
    assert sum(math.prod(path) for path in widget.paths()) == pytest.approx(widget.slopes()[leaf], rel=1e-12)


def test_the_neuron_and_the_network_are_those_of_the_chapter():
    assert ChainRule("neuron").slopes()["w1"] == pytest.approx(-0.1315, abs=5e-5)
    network, slopes = ThreeTwoOne().slopes(), ChainRule("3-2-1").slopes()
    assert [slopes["w7"], slopes["w8"]] == pytest.approx([network["w7"], network["w8"]], rel=1e-12)
    deltas = network["b1"] * 0.1, network["b2"] * 0.2
    assert [math.prod(path) for path in ChainRule("3-2-1", look=0).paths()] == pytest.approx(deltas, rel=1e-12)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"expression": "one sum"}, "expression"),
        ({"values": [1, 2]}, r"values: three numbers from -3 to 3 for a, b, c are expected, got \[1.0, 2.0\]. Try"),
        ({"values": [1, 2, float("nan")]}, "values: three numbers"),
        ({"look": 3}, "look: a whole number from 0 to 2 is expected, got 3"),
        ({"expression": "neuron", "step": 4}, "step: a whole number from 0 to 3"),
    ],
)
def test_bad_input_is_refused(settings, message):
    with pytest.raises(t.TraitError, match=message):
        ChainRule(**settings)


def test_words():
    assert repr(ChainRule("neuron")) == "ChainRule('neuron', values=[0.1, -0.2, 0.0], look=0)"
    assert "over 2 paths, with the products 2 and 3, which add up: the slope of L in b is 5." in ChainRule().describe()
    assert "one path of slopes, with the product -0.1315" in ChainRule("neuron").describe()


# Presses the button once for each value: the heights that the widget has had, and the lines that did not fit.
WALK = """async (presses) => {
  const button = [...document.querySelectorAll("button")].find((one) => one.textContent === "Next value");
  const heights = new Set(), cut = [];
  for (let press = 0; press < presses; press++) {
    button.click();
    await new Promise((go) => setTimeout(go));
    heights.add(document.querySelector(".nn-w").offsetHeight);
    for (const line of document.querySelectorAll(".nn-paths span")) {
      if (line.scrollWidth > line.clientWidth + 1) cut.push(line.textContent);
    }
  }
  return [[...heights], cut];
}"""


@pytest.mark.parametrize("width", [664, 344])
def test_the_widget_keeps_its_height_and_its_lines_fit(show, width):
    page, heights = show(ChainRule(), width=width), set()
    page.add_style_tag(content="body { font-family: 'DejaVu Sans', sans-serif }")  # as wide as any
    for expression in EXPRESSIONS:
        page.select_option("select[name=expression]", expression)
        for keys in (["Home", "Home", "End"], ["End", "End", "Home"], ["Home", "End", "End"]):
            for i, key in enumerate(keys):
                page.focus(f"input[name=value{i}]")
                page.keyboard.press(key)
                page.keyboard.press("ArrowRight")
            for look in ("0", "1", "2"):
                page.select_option("select[name=look]", look)
                found, cut = page.evaluate(WALK, 8)
                assert cut == []
                heights.update(found)
    assert len(heights) == 1, heights
