"""What holds for every widget under a reader's hands."""

from importlib import import_module

import pytest

from nncourse import widgets

from ..pages import pages_with, settle
from .driven import Driven

EXPORTED = [name for name in sorted(widgets.__all__) if name != "Widget" and isinstance(getattr(widgets, name), type)]


@pytest.mark.parametrize("kind", EXPORTED)
def test_a_file_beside_this_one_drives_the_widget_by_mouse_and_by_keyboard(kind):
    """Named after the widget's module: it holds the class Test and the widget's name."""
    module = getattr(widgets, kind).__module__.rpartition(".")[2]
    laws = " ".join(dir(getattr(import_module(f"{__package__}.test_{module}"), f"Test{kind}")))
    assert "mouse" in laws and "keyboard" in laws


def test_on_a_whole_page_the_keys_of_a_slider_move_nothing_else(open_page, address, book):
    """The other laws see a widget by itself; here the theme and its scripts stand around it, with keys of their own."""
    page = settle(open_page(address(pages_with(book, "StepSize")[0])))
    driven = Driven(page, page.locator('.nn-widget[data-widget="StepSize"]').first)
    slider, begun, was = driven.find('input[name="learning_rate"]'), page.url, driven.shown("learning_rate")
    driven.keys(slider, "ArrowRight", "ArrowRight")
    assert driven.shown("learning_rate") > was
    scrolled = page.evaluate("scrollY")
    driven.keys(slider, "ArrowLeft", "ArrowUp", "ArrowDown", "PageDown", "Home", "End")
    assert driven.shown("learning_rate") == float(slider.get_attribute("max"))
    assert (page.url, page.evaluate("scrollY"), page.problems) == (begun, scrolled, [])


@pytest.mark.parametrize("kind", EXPORTED)
@pytest.mark.parametrize("address", ["http"], indirect=True)
def test_the_tab_key_reaches_every_control_in_the_order_of_reading(show, kind):
    driven = show(kind)
    # The radio buttons of one group are one stop, the chosen one if there is one: the arrow keys walk inside the group.
    stops = driven.root.evaluate("""(root) => {
      const seen = new Set();
      const chosen = [...root.querySelectorAll('[type="radio"]:checked')];
      const left = ({ type, name, checked }) => type === "radio" && !checked
        && (seen.has(name) || chosen.some((one) => one.name === name));
      return [...root.querySelectorAll('button, select, input, a[href], summary, [tabindex="0"]')]
        .filter((stop) => !stop.disabled && !left(stop) && seen.add(stop.name))
        .map((stop, i) => (stop.dataset.stop = String(i)));
    }""")
    assert stops
    driven.find('[data-stop="0"]').focus()
    reached = []
    while (stop := driven.page.evaluate("document.activeElement.dataset.stop ?? null")) and len(reached) <= len(stops):
        reached.append(stop)
        driven.keyboard.press("Tab")
    assert reached == stops


@pytest.mark.parametrize("kind", EXPORTED)
@pytest.mark.parametrize("address", ["file"], indirect=True)
def test_a_button_stays_under_the_hand_that_presses_it(show, kind):
    driven = show(kind)
    buttons, place = driven.find("button"), 0
    while place < buttons.count():
        button = buttons.nth(place)
        name = button.get_attribute("aria-label") or button.inner_text()
        if button.is_enabled():
            offset = button.bounding_box()["y"] - driven.root.bounding_box()["y"]
            button.click()
            same = driven.root.get_by_role("button", name=name, exact=True)
            if same.count() == 1:  # it may have taken itself away, as a button that removes something
                assert same.bounding_box()["y"] - driven.root.bounding_box()["y"] == pytest.approx(offset, abs=2)
        place += 1
