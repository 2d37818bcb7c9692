import numpy as np
import pytest

from nncourse import widgets

from .driven import numbers


def told(widget):
    """Epochs, updates, the loss taught, the loss held back, right of how many taught and of how many held back."""
    return numbers(widget.says)


def trained(epochs, **settings):
    """What the page should tell after some epochs, from the package's own training."""
    twin = widgets.Playground(**settings)
    part, model = twin.examples(), twin.model()
    for order in twin.order(epochs):
        for _ in model.train_steps(part["x"][order], part["y"][order], batch_size=twin.batch_size, shuffle=False):
            pass
    losses = [float(model.evaluate(part[x], part[y])) for x, y in (("x", "y"), ("x_held", "y_held"))]
    right = [int(((model.predict(part[x]) >= 0) == part[y]).sum()) for x, y in (("x", "y"), ("x_held", "y_held"))]
    return losses, right


class TestPlayground:
    def begin(self, widget, **changes):
        names = (
            "data",
            "n",
            "noise",
            "seed",
            "features",
            "layers",
            "activation",
            "biases",
            "optimizer",
            "learning_rate",
        )
        return {name: widget.state[name] for name in (*names, "batch_size", "l1", "l2", "dropout")} | changes

    def assert_tells(self, widget, epochs, **changes):
        losses, right = trained(epochs, **self.begin(widget, **changes))
        says = told(widget)
        assert says[0] == epochs
        assert says[2:4] == pytest.approx(losses, abs=6e-4)
        assert [says[4], says[6]] == right

    def test_what_it_shows_at_first_is_the_training_of_the_package(self, widget):
        self.assert_tells(widget, widget.state["epochs"])

    def test_epochs_by_mouse_go_on_and_start_again(self, widget):
        widget.press("One epoch")
        widget.press("One epoch")
        self.assert_tells(widget, widget.state["epochs"] + 2)
        widget.press("Start again")
        assert told(widget)[:2] == [0, 0]
        widget.press("Train")
        widget.page.wait_for_function(
            "[...document.querySelectorAll('.nn-status')].some((one) => /Epoch [1-9]/.test(one.textContent))"
        )
        widget.press("Pause")
        before = widget.says
        widget.page.wait_for_timeout(200)
        assert widget.says == before and told(widget)[0] > 0
        assert f"Loss after {told(widget)[0]:.0f} epochs" in widget.find(".nn-curves").get_attribute("aria-label")

    def test_layers_and_features_by_mouse_change_the_network(self, widget):
        first = widget.state["layers"]
        widget.root.get_by_role("button", name="one neuron more in layer 1").click()
        self.assert_tells(widget, widget.state["epochs"], layers=[first[0] + 1, *first[1:]])
        widget.press("remove a layer")
        layers = [first[0] + 1, *first[1:]][:-1]
        self.assert_tells(widget, widget.state["epochs"], layers=layers)
        widget.find('input[name="feature x1 x2"]').check()
        self.assert_tells(widget, widget.state["epochs"], layers=layers, features=["x1", "x2", "x1 x2"])

    def test_everything_answers_to_the_keyboard(self, widget):
        epochs = widget.state["epochs"]
        widget.pick("data", "moons")
        widget.pick("optimizer", "momentum")
        widget.keys(widget.find('input[name="noise"]'), "ArrowRight", "ArrowRight")
        widget.keys(widget.find('input[name="biases"]'), "Space")
        noise = float(np.round(widget.state["noise"] + 0.1, 10))
        self.assert_tells(widget, epochs, data="moons", optimizer="momentum", noise=noise, biases=False)
        widget.keys(widget.root.get_by_role("button", name="one neuron less in layer 1"), "Enter", "Enter")
        assert widget.page.evaluate("document.activeElement.getAttribute('aria-label')") == "one neuron less in layer 1"
        widget.pick("shown", "1.1")
        widget.keys(widget.root.get_by_role("button", name="Link to this case"), "Enter")
        link = widget.find(".nn-link").input_value().partition("#")[2]
        assert link.startswith("play:") and "data=moons" in link and f"epochs={epochs}" in link

    def test_a_link_opens_its_case(self, widget):
        case = "#play:data=blobs&layers=3&optimizer=sgd&learning_rate=0.3&n=90"
        widget.page.evaluate("(end) => { location.hash = end; }", case)
        widget.page.wait_for_function("document.querySelector('select[name=data]').value === 'blobs'")
        changes = {"data": "blobs", "layers": [3], "optimizer": "sgd", "learning_rate": 0.3, "n": 90}
        self.assert_tells(widget, 0, **changes)
        widget.page.evaluate("() => { location.hash = ''; }")
