"""A widget on a built page, and hands that drive it."""

import json
import re


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
