"""Widgets on a bare static page: no kernel, no network, no theme."""

import numpy as np

import nncourse as nn
from nncourse.widgets import SigmoidNeuron

from .test_widgets import every_widget, make

NAMELESS = """[...document.querySelectorAll('.nn-w :is(button, input, select, [tabindex="0"])')].filter((one) =>
    !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.[0]?.textContent.trim()))
    .map((one) => one.outerHTML)"""


@every_widget
def test_two_copies_start_silently_with_names_and_without_ids(kind, show):
    page = show(make(kind), make(kind))
    assert page.problems == []
    assert page.locator('.nn-widget[data-ready="true"]').count() == 2
    assert page.locator(".nn-fallback").count() == 0
    assert page.locator(".nn-w [id]").count() == 0
    assert page.evaluate(NAMELESS) == [], "a screen reader has no name for these"
    assert page.locator(".nn-w [role=status]").first.inner_text().strip()


@every_widget
def test_a_phone_shows_it_without_scrolling_sideways_and_print_hides_its_controls(kind, show):
    page = show(make(kind), width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(media="print")
    assert all(not one.is_visible() for one in page.locator(".nn-w .nn-controls").all())
    assert page.locator(".nn-w").is_visible()


# A finger on the first thing that it can move: what it drags and how far, or what it taps.
FIRST = """() => {
  const root = document.querySelector(".nn-w"), seen = (one) => !one.disabled && one.getClientRects().length;
  const can = (what) => [...root.querySelectorAll(what)].find(seen);
  const one = can(".nn-drag") ?? can('input[type="range"]')
    ?? can('button, input[type="radio"], input[type="checkbox"]');
  one.scrollIntoView({ block: "center" });
  const held = one.querySelector(".nn-halo, .nn-wide") ?? one;
  const { left, top, width, height } = held.getBoundingClientRect();
  const kind = one.matches(".nn-drag") ? "handle" : one.type === "range" ? "slider" : "press";
  const part = kind === "slider" ? (one.value - one.min) / (one.max - one.min) : 0.5;
  const thumb = left + 8 + part * (width - 16), way = thumb > innerWidth / 2 ? -60 : 60;
  return { kind, x: kind === "slider" ? thumb : left + width / 2, y: top + height / 2, way };
}"""
SAYS = """() => JSON.stringify([document.querySelector(".nn-w").innerText, [...document.querySelectorAll(
    ".nn-w :is(input, select)")].map((one) => [one.value, one.checked]), [...document.querySelectorAll(
    ".nn-w .nn-drag")].map((one) => [one.getAttribute("aria-label"), one.getAttribute("transform")])])"""
# Words that say what the widget shows: a finger has nothing to move there.
QUIET = ".nn-status, .nn-hint, legend, caption"


def swipe(touch, x, y, by):
    """A finger put down, moved and lifted, as the browser gets it from the screen."""
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 7):
        point = {"x": x + by[0] * step / 6, "y": y + by[1] * step / 6}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@every_widget
def test_a_finger_moves_its_first_control_and_scrolls_the_page_elsewhere(kind, show):
    page = show(make(kind), width=360, has_touch=True, is_mobile=True)
    page.add_style_tag(content="body { padding-block: 40rem; }")
    touch = page.context.new_cdp_session(page)
    first, before = page.evaluate(FIRST), page.evaluate(SAYS)
    stood = page.evaluate("scrollY")
    if first["kind"] == "press":
        page.touchscreen.tap(first["x"], first["y"])
    else:
        swipe(touch, first["x"], first["y"], (first["way"], 20 if first["kind"] == "handle" else 0))
    page.wait_for_function(f"(before) => ({SAYS})() !== before", arg=before)
    assert page.evaluate("scrollY") == stood, "the page went with the finger"
    quiet = page.locator(".nn-w").locator(QUIET).first
    quiet.evaluate("(one) => one.scrollIntoView({ block: 'center' })")
    box, stood = quiet.bounding_box(), page.evaluate("scrollY")
    swipe(touch, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, (0, -150))
    page.wait_for_function("(stood) => scrollY > stood + 50", arg=stood)


def test_keys_turn_the_weight_and_the_bias_of_the_sigmoid_neuron(show):
    page = show(SigmoidNeuron(w=3, b=-9.6))
    says = page.locator(".nn-status")
    assert "fires (p = 0.5) at x = 3.2; slope there 0.75; loss 0.5" in says.inner_text()
    page.focus("input[name=w]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    page.focus("input[name=b]")
    page.keyboard.press("PageDown")
    assert "x = 2.59; slope there 1.02" in says.inner_text()  # w = 4.1, b = -10.6


def test_the_firing_point_can_be_kept_while_the_sigmoid_sharpens(show):
    page = show(SigmoidNeuron(w=1, b=-3))
    page.check("input[name=hold]")
    page.focus("input[name=w]")
    page.keyboard.press("End")
    assert "fires (p = 0.5) at x = 3; slope there 2.5" in page.inner_text(".nn-status")


def test_gradient_steps_lower_the_loss_and_start_again_undoes_them(show):
    page = show(SigmoidNeuron())
    says = page.locator(".nn-status")
    first = says.inner_text()
    x, y = nn.datasets.exam_hours()
    loss = nn.losses.BinaryCrossentropy(from_logits=True)
    assert f"loss {loss(y, x[:, 0] - 2):.4f}." in first
    page.click("text=One gradient step")
    error = nn.activations.sigmoid(x[:, 0] - 2) - y
    w, b = 1 - 0.5 * np.mean(error * x[:, 0]), -2 - 0.5 * np.mean(error)
    assert f"loss {loss(y, w * x[:, 0] + b):.4f}." in says.inner_text()
    page.click("text=Start again")
    assert says.inner_text() == first


def test_the_step_neuron_has_no_gradient_steps_and_says_why(show):
    page = show(SigmoidNeuron())
    page.select_option("select[name=mode]", "step")
    assert page.is_disabled("text=One gradient step") and page.is_disabled("text=20 steps")
    assert "its slope is 0 wherever it has one, so nothing says which way" in page.inner_text(".nn-why")
    assert "3 of 10 wrong" in page.inner_text(".nn-status") and "infinite" in page.inner_text(".nn-status")


def test_points_move_along_the_hours_and_change_class_by_key_and_by_pointer(show):
    page = show(SigmoidNeuron(points=[[1, 0], [5, 1]]))
    point = page.locator("g.nn-drag").nth(0)
    point.focus()
    for key in ("ArrowRight", "PageUp", "Enter"):
        page.keyboard.press(key)
    assert point.get_attribute("aria-label").startswith("2.1 hours, passed")
    box = page.locator("g.nn-drag").nth(1).locator(".nn-halo").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 500, y + 150, steps=5)
    page.mouse.up()
    assert page.locator("g.nn-drag").nth(1).get_attribute("aria-label").startswith("7 hours, failed")


def test_the_sigmoid_neuron_keeps_its_height_whatever_it_says(show):
    for width in (760, 360):
        page = show(SigmoidNeuron(), width=width)
        heights = set()
        for mode in ("sigmoid", "step"):
            page.select_option("select[name=mode]", mode)
            for name, key in (("w", "Home"), ("w", "End"), ("b", "Home"), ("b", "End")):
                page.focus(f"input[name={name}]")
                page.keyboard.press(key)
                heights.add(page.evaluate("document.querySelector('.nn-w').offsetHeight"))
        assert len(heights) == 1, f"at {width} px: {heights}"
