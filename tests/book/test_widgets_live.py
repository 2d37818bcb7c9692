"""Every widget on the built pages, driven as a reader drives it, with answers computed by `nncourse`.

A widget read from the server stands on a wide page, one from the disk on a page as narrow as a telephone.
"""

import json
import re

import numpy as np
import pytest

import nncourse as nn
from nncourse import widgets

from .pages import pages_with, settle

EXPORTED = [name for name in sorted(widgets.__all__) if name != "Widget" and isinstance(getattr(widgets, name), type)]


def numbers(text):
    """The numbers of a text, in which a minus may be written as a sign of its own."""
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", text.replace("\u2212", "-"))]


class Driven:
    """One widget on a page and the hands on it."""

    def __init__(self, page, root):
        self.page, self.root, self.keyboard, self.mouse = page, root, page.keyboard, page.mouse
        self.find = root.locator
        self.state = json.loads(root.locator("script").first.text_content())["state"]

    @property
    def says(self):
        """The line that tells the state."""
        return self.find(".nn-status").inner_text()

    @property
    def points(self):
        """What the points of the drawing are called, as numbers."""
        return [numbers(mark.get_attribute("aria-label")) for mark in self.find(".nn-drag").all()]

    def press(self, button):
        self.root.get_by_role("button", name=button, exact=True).click()

    def pick(self, name, value):
        self.find(f'select[name="{name}"]').select_option(value)

    def shown(self, slider):
        """The number beside a slider."""
        return numbers(self.find(f'.nn-slider:has(input[name="{slider}"]) output').inner_text())[0]

    def keys(self, element, *keys):
        element.focus()
        for key in keys:
            self.keyboard.press(key)

    def pixels(self, point, x, y, drawing=0):
        """Where a point of the drawing stands on the screen; x and y are the ranges of its axes."""
        frame = self.find(".nn-plane .nn-frame").nth(drawing)
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        return (
            box["x"] + box["width"] * (point[0] - x[0]) / (x[1] - x[0]),
            box["y"] + box["height"] * (y[1] - point[1]) / (y[1] - y[0]),
        )

    def drag(self, element, to):
        """Drag an element of the drawing by its middle to a place on the screen."""
        box = element.bounding_box()
        self.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.mouse.down()
        self.mouse.move(*to, steps=4)
        self.mouse.up()


UNNEEDED = re.compile(r"/mathjax/|/fontawesome[^/]*\.js")

# The widgets as they came with the page. Their host waits for this event at the window, the page's other scripts at the
# document, so nothing but the widgets starts again.
START_AGAIN = """(html) => {
  const came = new DOMParser().parseFromString(html, "text/html").querySelectorAll(".nn-widget");
  document.querySelectorAll(".nn-widget").forEach((widget, place) => widget.replaceWith(came[place]));
  scrollTo(0, 0);
  dispatchEvent(new Event("DOMContentLoaded"));
}"""


@pytest.fixture(scope="module")
def visit(open_page_for_all, address, book):
    """Opener of the page of a widget: anew the first time, then with all of its widgets as they were at first."""
    opened = {}

    def at(kind, **options):
        names = pages_with(book, kind)
        assert names, f"no page of the book shows a {kind}"
        url = address(names[0])
        key = (url, *options.items())
        if key in opened:
            opened[key].mouse.move(0, 0)
            opened[key].evaluate(START_AGAIN, (book.html / f"{names[0]}.html").read_text(encoding="utf-8"))
        else:
            opened[key] = open_page_for_all("about:blank", width=1200 if url.startswith("http") else 360, **options)
            # Other tests look at the mathematics and the theme's icons; without them a page opens in half the time.
            opened[key].route(UNNEEDED, lambda route: route.fulfill(body="", content_type="text/javascript"))
            opened[key].goto(url)
        return settle(opened[key])

    return at


@pytest.fixture
def show(visit):
    """Shower of a widget on its page: `show("Quiz")`. In the end the page must have had no problem."""
    pages = []

    def on_its_page(kind, **options):
        pages.append(visit(kind, **options))
        root = pages[-1].locator(f'.nn-widget[data-widget="{kind}"]').first
        root.scroll_into_view_if_needed()
        return Driven(pages[-1], root)

    yield on_its_page
    problems = [problem for page in pages for problem in page.problems]
    for page in pages:
        page.problems.clear()
    assert problems == []


@pytest.fixture
def widget(request, show):
    """The widget that the test class is named after."""
    return show(request.cls.__name__.removeprefix("Test"))


def test_every_widget_is_driven_here_by_mouse_and_by_keyboard():
    for name in EXPORTED:
        laws = " ".join(dir(globals()[f"Test{name}"]))
        assert "mouse" in laws and "keyboard" in laws, name


@pytest.mark.parametrize("kind", EXPORTED)
@pytest.mark.parametrize("address", ["http"], indirect=True)
def test_the_tab_key_reaches_every_control_in_the_order_of_reading(show, kind):
    driven = show(kind)
    # The radio buttons of one group are one stop: the arrow keys walk inside it.
    stops = driven.root.evaluate("""(root) => {
      const seen = new Set();
      return [...root.querySelectorAll('button, select, input, a[href], summary, [tabindex="0"]')]
        .filter((stop) => !stop.disabled && !(stop.type === "radio" && seen.has(stop.name)) && seen.add(stop.name))
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
    for button in driven.find("button").all():
        if button.is_enabled():
            offset = button.bounding_box()["y"] - driven.root.bounding_box()["y"]
            button.click()
            assert button.bounding_box()["y"] - driven.root.bounding_box()["y"] == pytest.approx(offset, abs=2)


class TestPerceptronStepper:
    RANGE = (-1.0, 2.0)

    @staticmethod
    def weights(widget):
        """b, w1, w2 as the table tells them."""
        return numbers(widget.find("tr", has_text="now").locator("td").inner_text())

    @staticmethod
    def mistakes(widget):
        """The bars, one count an epoch."""
        return numbers(widget.find(".nn-bars").get_attribute("aria-label"))

    def test_each_step_by_mouse_shows_the_perceptron_one_example(self, widget):
        x, y = nn.datasets.logic_gate("AND")
        widget.pick("gate", "AND")
        for seen in range(1, len(x) + 1):
            widget.press("Step")
            taught = nn.Perceptron(widget.state["learning_rate"], epochs=1).fit(x[:seen], y[:seen])
            assert self.weights(widget) == pytest.approx([taught.bias_, *taught.weights_], abs=5e-4)
            assert f"target {y[seen - 1]:.0f}" in widget.says
        assert self.mistakes(widget) == taught.mistakes_

    def test_epochs_by_mouse_are_those_of_the_package(self, widget):
        for gate in ["AND", "XOR"]:
            taught = nn.Perceptron(widget.state["learning_rate"], epochs=21).fit(*nn.datasets.logic_gate(gate))
            learnt = taught.mistakes_[-1] == 0
            widget.pick("gate", gate)
            widget.press("Epoch")
            assert self.mistakes(widget) == taught.mistakes_[:1]
            widget.press("20 epochs")
            assert self.mistakes(widget) == taught.mistakes_
            assert self.weights(widget) == pytest.approx([taught.bias_, *taught.weights_], abs=5e-4)
            assert ("learning is over" in widget.says) is learnt is (gate == "AND")
            assert widget.root.get_by_role("button", name="Step").is_disabled() is learnt
            widget.press("Start again")
            assert self.mistakes(widget) == [] and self.weights(widget) == [0, 0, 0]

    def test_points_are_moved_and_added_by_mouse(self, widget):
        widget.pick("gate", "AND")
        widget.drag(widget.find(".nn-drag").first, widget.pixels((-0.5, 1.5), self.RANGE, self.RANGE))
        assert widget.points[0] == [-0.5, 1.5, 0]
        assert widget.find('select[name="gate"]').input_value() == "own"
        widget.mouse.click(*widget.pixels((1.5, -0.5), self.RANGE, self.RANGE))  # where all of the plane fires
        assert widget.points[4:] == [[1.5, -0.5, 1]]
        widget.press("20 epochs")
        widget.pick("new-class", "0")
        for place in [(-0.5, -0.5), (1.5, 1.5)]:  # on either side of the line
            widget.mouse.click(*widget.pixels(place, self.RANGE, self.RANGE))
        assert widget.points[5:] == [[-0.5, -0.5, 0], [1.5, 1.5, 0]]
        assert self.mistakes(widget) == []

    def test_points_and_learning_rate_answer_to_the_keyboard(self, widget):
        widget.pick("gate", "AND")
        first = widget.find(".nn-drag").first
        widget.keys(first, "ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowDown", "Enter")
        assert widget.points[0] == [0.1, -0.1, 1]
        widget.keys(first, "Space")
        assert widget.points[0] == [0.1, -0.1, 0]
        widget.keys(first, "Delete")
        assert widget.points == [[0, 1, 0], [1, 0, 0], [1, 1, 1]]
        widget.keys(widget.root.get_by_role("button", name="Add a point"), "Enter")
        assert widget.points[3:] == [[0.5, 0.5, 1]]
        widget.keys(widget.root.get_by_role("button", name="Step", exact=True), "Enter")
        assert self.weights(widget) != [0, 0, 0]
        rate = widget.state["learning_rate"]
        widget.keys(widget.find('input[name="learning_rate"]'), "ArrowRight", "ArrowRight", "ArrowLeft")
        assert widget.shown("learning_rate") == pytest.approx(rate + 0.1)
        assert self.weights(widget) == [0, 0, 0]  # another rule starts again
        widget.keys(widget.find('input[name="strict"]'), "Space")
        widget.keys(widget.root.get_by_role("button", name="Step", exact=True), "Enter")
        assert "prediction 0" in widget.says  # a score of 0 no longer fires


class TestSigmoidNeuron:
    HOURS, OUTPUT = (0.0, 7.0), (-0.1, 1.32)

    @staticmethod
    def loss(points, w, b):
        """The mean logistic loss and its slopes in w and b."""
        x, y = np.array(points).T
        value, slope = nn.losses.BinaryCrossentropy(from_logits=True).value_and_gradient(y, w * x + b)
        return value, slope @ x, slope.sum()

    @staticmethod
    def told(widget, word):
        """The number that follows a word in the line that tells the state."""
        return numbers(widget.says.partition(word)[2])[0]

    def assert_tells_the_truth(self, widget, points, w, b):
        assert self.told(widget, "loss ") == pytest.approx(self.loss(points, w, b)[0], abs=0.02)
        assert self.told(widget, "at x = ") == pytest.approx(-b / w, abs=0.02)
        assert self.told(widget, "slope there ") == pytest.approx(w / 4, abs=0.006)

    def test_sliders_answer_to_the_mouse(self, widget):
        widget.pick("mode", "sigmoid")
        for name, share in [("w", 0.6), ("b", 0.4)]:
            slider = widget.find(f'input[name="{name}"]')
            slider.scroll_into_view_if_needed()
            box = slider.bounding_box()
            widget.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            widget.mouse.down()
            widget.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2, steps=4)
            widget.mouse.up()
            assert widget.shown(name) != widget.state[name]
        self.assert_tells_the_truth(widget, widget.state["points"], widget.shown("w"), widget.shown("b"))

    def test_gradient_steps_by_mouse_are_those_of_the_package(self, widget):
        widget.pick("mode", "sigmoid")
        w, b, points = (widget.state[name] for name in ("w", "b", "points"))
        for button, count in [("One gradient step", 1), ("20 steps", 20)]:
            widget.press(button)
            for _ in range(count):
                _, dw, db = self.loss(points, w, b)
                w, b = w - widget.state["learning_rate"] * dw, b - widget.state["learning_rate"] * db
            assert [widget.shown("w"), widget.shown("b")] == pytest.approx([w, b], abs=0.0051)
        self.assert_tells_the_truth(widget, points, w, b)
        widget.press("Start again")
        assert [widget.shown("w"), widget.shown("b")] == pytest.approx([widget.state["w"], widget.state["b"]])

    def test_points_are_dragged_by_mouse_to_other_hours_and_another_result(self, widget):
        widget.drag(widget.find(".nn-drag").first, widget.pixels((5.5, 0.9), self.HOURS, self.OUTPUT))
        label = widget.find(".nn-drag").first.get_attribute("aria-label")
        assert numbers(label)[0] == pytest.approx(5.5, abs=0.11) and "passed" in label

    def test_a_step_neuron_cannot_descend_and_all_of_it_answers_to_the_keyboard(self, widget):
        widget.pick("mode", "sigmoid")
        widget.keys(widget.find('input[name="w"]'), "Home", "PageUp", "ArrowRight")
        assert widget.shown("w") == pytest.approx(-10 + 1 + 0.1)
        widget.keys(widget.find('input[name="w"]'), "End", *["PageDown"] * 8)
        widget.keys(widget.find('input[name="b"]'), "Home", *["PageUp"] * 33)
        w, b = widget.shown("w"), widget.shown("b")
        assert (w, b) == (2, -7)
        self.assert_tells_the_truth(widget, widget.state["points"], w, b)

        widget.keys(widget.find('input[name="hold"]'), "Space")
        widget.keys(widget.find('input[name="w"]'), "PageUp")
        assert widget.shown("w") == 3 and widget.shown("b") == pytest.approx(-10.5)  # fires at 3.5 hours still

        first = widget.find(".nn-drag").first
        hours, passed = widget.state["points"][0]
        widget.keys(first, "ArrowRight", "PageUp", "ArrowLeft", "ArrowLeft", "Enter")
        label = first.get_attribute("aria-label")
        assert numbers(label)[0] == pytest.approx(hours + 0.9) and ("passed" if passed == 0 else "failed") in label
        points = [[hours + 0.9, 1 - passed], *widget.state["points"][1:]]
        self.assert_tells_the_truth(widget, points, 3.0, -10.5)

        widget.pick("mode", "step")
        x, y = np.array(points).T
        wrong = np.sum(nn.activations.step(3.0 * x - 10.5) != y)
        assert f"{wrong} of {len(y)} wrong" in widget.says
        for button in ["One gradient step", "20 steps"]:
            assert widget.root.get_by_role("button", name=button).is_disabled()
        widget.keys(widget.find('input[name="overlay"]'), "Space")
        assert widget.find(".nn-other").get_attribute("points")


class TestXorHidden:
    INPUTS = (-0.5, 1.5)

    @staticmethod
    def neuron(widget, which):
        """Weights and bias of hidden neuron 0 or 1, as its two handles tell them."""
        foot, tip = (widget.find(".nn-drag").nth(2 * which + i).get_attribute("aria-label") for i in (0, 1))
        return numbers(tip.partition("weights")[2]), numbers(foot.partition("bias")[2])[0]

    @staticmethod
    def assert_tells_the_truth(widget, twin):
        assert f"{twin.right()} of 4 right" in widget.says
        assert numbers(widget.says.partition("loss ")[2])[0] == pytest.approx(twin.loss(), abs=0.006)
        answers = widget.find("tbody tr").all_inner_texts()
        assert sum("right" in answer for answer in answers) == twin.right()

    def test_presets_and_training_by_mouse_are_those_of_the_package(self, widget):
        for preset in ["one neuron", "OR and NAND", "random"]:
            twin = widgets.XorHidden(preset, seed=widget.state["seed"])
            widget.pick("preset", preset)
            self.assert_tells_the_truth(widget, twin)
        twin.learning_rate = widget.state["learning_rate"]
        for button, epochs in [("Train 100 epochs", 100), ("1000 epochs", 1000)]:
            twin.train(epochs)
            widget.press(button)
            assert widget.says.startswith(f"After {twin.epochs} epochs")
            self.assert_tells_the_truth(widget, twin)
        widget.press("New random start")
        self.assert_tells_the_truth(widget, widgets.XorHidden("random", seed=widget.state["seed"] + 1))

    def test_a_line_is_shifted_and_turned_by_mouse(self, widget):
        widget.pick("preset", "OR and NAND")
        foot, tip = (widget.find(".nn-drag").nth(i) for i in (0, 1))
        before, _ = self.neuron(widget, 0)
        widget.drag(foot, widget.pixels((0.5, 1.0), self.INPUTS, self.INPUTS))
        weights, bias = self.neuron(widget, 0)
        assert weights == before and np.dot(weights, (0.5, 1.0)) + bias == pytest.approx(0, abs=0.3)
        assert widget.find('select[name="preset"]').input_value() == "own"
        widget.drag(tip, widget.pixels((0.5, 0.4), self.INPUTS, self.INPUTS))  # straight below the foot
        weights, bias = self.neuron(widget, 0)
        assert weights[1] < 0 and abs(weights[0]) < 0.2 * abs(weights[1])
        assert np.dot(weights, (0.5, 1.0)) + bias == pytest.approx(0, abs=0.3)  # the foot stays where it is

    def test_handles_choices_and_sliders_answer_to_the_keyboard(self, widget):
        twin = widgets.XorHidden("OR and NAND", activation="sigmoid", learning_rate=widget.state["learning_rate"])
        widget.pick("preset", "OR and NAND")
        widget.pick("activation", "sigmoid")
        self.assert_tells_the_truth(widget, twin)
        weights, bias = self.neuron(widget, 1)
        widget.keys(widget.find(".nn-drag").nth(2), "ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowDown")
        step = (self.INPUTS[1] - self.INPUTS[0]) / 40
        moved = bias - np.dot(weights, (2 * step, 0.8 * step))  # its line moves along with the foot
        assert self.neuron(widget, 1)[0] == weights and self.neuron(widget, 1)[1] == pytest.approx(moved, abs=0.02)
        widget.keys(widget.find(".nn-drag").nth(3), "ArrowLeft", "ArrowDown")
        assert self.neuron(widget, 1)[0] != weights
        widget.keys(widget.find('input[name="learning_rate"]'), "ArrowRight", "ArrowRight", "ArrowLeft")
        assert widget.shown("learning_rate") == pytest.approx(widget.state["learning_rate"] + 0.1)
        widget.keys(widget.root.get_by_role("button", name="Train 100 epochs"), "Enter")
        assert widget.says.startswith("After 100 epochs")


class TestQuiz:
    @staticmethod
    def places(question):
        """The number of a wrong choice, and of the right one."""
        right = [choice["correct"] for choice in question["choices"]].index(True)
        return (0 if right else 1), right

    def test_a_choice_by_mouse_is_explained_and_counted(self, widget):
        questions = widget.state["questions"]
        assert widget.says.startswith(f"0 of {len(questions)} right")
        for number, question in enumerate(questions):
            field = widget.find("fieldset").nth(number)
            for place, verdict in zip(self.places(question), ["wrong", "right"], strict=True):
                answer = field.locator(".nn-answer").nth(place)
                answer.click()
                assert answer.get_attribute("data-verdict") == verdict
                assert question["choices"][place]["explanation"] in field.locator(".nn-comment").text_content()
                assert widget.says.startswith(f"{number + (verdict == 'right')} of {len(questions)} right")
        assert "not answered" not in widget.says

    def test_a_choice_by_keyboard_is_explained(self, widget):
        field = widget.find("fieldset").first
        choices = widget.state["questions"][0]["choices"]
        widget.keys(field.locator("input").first, "Space")
        assert choices[0]["explanation"] in field.locator(".nn-comment").text_content()
        widget.keyboard.press("ArrowDown")
        assert choices[1]["explanation"] in field.locator(".nn-comment").text_content()
        assert field.locator("input").nth(1).is_checked()


@pytest.mark.parametrize("address", ["file"], indirect=True)
def test_a_finger_drags_a_point_and_the_page_stays(show):
    widget = show("PerceptronStepper", has_touch=True)
    widget.pick("gate", "AND")
    to = widget.pixels((0.5, 1.5), TestPerceptronStepper.RANGE, TestPerceptronStepper.RANGE)
    start = widget.pixels((0.0, 0.0), TestPerceptronStepper.RANGE, TestPerceptronStepper.RANGE)
    scrolled = widget.page.evaluate("scrollY")
    fingers = widget.page.context.new_cdp_session(widget.page)
    path = [("touchStart", 0.0), ("touchMove", 0.3), ("touchMove", 0.7), ("touchMove", 1.0)]
    for kind, share in path:
        place = {name: a + share * (b - a) for name, a, b in zip("xy", start, to, strict=True)}
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert widget.points[0] == [0.5, 1.5, 0]
    assert widget.page.evaluate("scrollY") == scrolled
