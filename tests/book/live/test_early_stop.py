import numpy as np
import pytest

from nncourse import widgets

from .driven import numbers


class TestEarlyStop:
    @staticmethod
    def assert_tells_the_truth(widget, run=None, restore=True):
        state = widget.state
        run = run or state["run"]
        patience, delta = int(widget.shown("patience")), widget.shown("min_delta")
        twin = widgets.EarlyStop(state["runs"], run=run, patience=patience, min_delta=delta, restore=restore)
        told, losses = twin.outcome(), state["runs"][run]["val_loss"]
        cells = [numbers(cell)[0] for cell in widget.find("tbody td").all_inner_texts()]
        rows = [(epoch, losses[epoch - 1]) for epoch in (told["home"], told["stop"], told["lowest"])]
        assert cells == pytest.approx(np.ravel(rows).tolist(), abs=1e-9)
        verb = "Stops after" if told["stopped"] else "Does not stop"
        assert widget.says.startswith(verb) and f"brings home epoch {told['home']}" in widget.says
        assert ("No epoch has a lower one" in widget.says) == (losses[told["home"] - 1] == min(losses))
        return told

    @staticmethod
    def turn(widget, name, value):
        """Bring a slider to a value by keys alone."""
        slider = widget.find(f'input[name="{name}"]')
        low, step = (float(slider.get_attribute(one)) for one in ("min", "step"))
        widget.keys(slider, "Home", *["ArrowRight"] * round((value - low) / step))
        assert widget.shown(name) == pytest.approx(value)

    def test_every_training_and_both_sliders_answer_to_the_mouse(self, widget):
        self.assert_tells_the_truth(widget)
        for run in widget.state["runs"]:
            widget.pick("run", run)
            for name, share in [("patience", 0.3), ("min_delta", 0.6), ("patience", 0.9), ("min_delta", 0.01)]:
                slider = widget.find(f'input[name="{name}"]')
                slider.scroll_into_view_if_needed()
                box = slider.bounding_box()
                widget.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
                self.assert_tells_the_truth(widget, run)

    def test_without_the_copy_the_last_epoch_is_brought_home_by_mouse(self, widget):
        best = self.assert_tells_the_truth(widget)
        widget.find('input[name="restore"]').click()
        last = self.assert_tells_the_truth(widget, restore=False)
        assert last["home"] == last["stop"] == best["stop"] > best["home"]

    def test_patience_never_stops_sooner_by_keyboard(self, widget):
        for run in widget.state["runs"]:
            widget.pick("run", run)
            stops = []
            for patience in (0, 1, 2, 5, 10, 20):
                self.turn(widget, "patience", patience)
                stops.append(self.assert_tells_the_truth(widget, run)["stop"])
            assert stops == sorted(stops) and stops[0] == stops[1]

    def test_an_epoch_can_be_the_lowest_and_not_be_brought_home_by_keyboard(self, widget):
        self.turn(widget, "patience", 5)
        before = self.assert_tells_the_truth(widget)
        self.turn(widget, "min_delta", 0.02)
        after = self.assert_tells_the_truth(widget)
        assert after["home"] < before["home"] == after["lowest"] <= after["stop"]
        assert "not improvement enough" in widget.says
