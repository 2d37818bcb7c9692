"""What a learner sees: readable text, and HTML that is escaped, folded, and told by words as well as marks."""

from html.parser import HTMLParser

import numpy as np

from nncourse.exercises import BOOK_URL, check


class Outline(HTMLParser):
    """Collects tags, and checks that every one is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], [], [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def undone(z): ...


def silent_at_zero(z):
    return np.where(z > 0, 1, 0)


def test_text_says_points_message_hint_and_checks():
    assert repr(check("step-function", silent_at_zero)).splitlines() == [
        "step-function: not yet, 1 of 2 points",
        "With z = [-1, 0, 1], the result should be [0, 1, 1]; yours is [0, 0, 1].",
        "Hint: Look at z = 0: in this course the neuron fires there, so the comparison is `>=`, not `>`.",
        "  [x] numbers and arrays: 1 of 1 point",
        "  [ ] the edge at zero: 0 of 1 point",
    ]


def test_text_of_an_untouched_starter_is_two_lines():
    assert repr(check("step-function", undone)).splitlines() == [
        "step-function: not done yet, 0 of 2 points",
        "`step` is waiting for you: replace the `...` by your code.",
    ]


def test_a_failing_report_folds_its_hints_and_links_to_the_solution():
    outline = Outline(check("step-function", silent_at_zero)._repr_html_())
    assert outline.tags.count("details") == 2
    assert "open" not in dict(outline.attributes)
    assert ("href", f"{BOOK_URL}/book/01-from-neuron-to-perceptron.html#step-function") in outline.attributes


def test_an_untouched_starter_gets_folded_hints_but_no_solution():
    outline = Outline(check("step-function", undone)._repr_html_())
    assert outline.tags.count("details") == 2
    assert "a" not in outline.tags


def test_a_passing_report_needs_neither():
    outline = Outline(check("step-function", lambda z: np.heaviside(z, 1))._repr_html_())
    assert "details" not in outline.tags and "a" not in outline.tags
    assert "passed, 2 of 2 points" in outline.words


def test_whatever_the_learner_brings_is_escaped():
    def hostile(z):
        print("<script>alert(1)</script>")
        raise ValueError("<img src=x onerror=alert(1)> & `<b>`")

    for report in (check("step-function", hostile), check("<script>", hostile), check("step-function", "<b>")):
        outline = Outline(report._repr_html_())
        assert not {"script", "img", "b"} & set(outline.tags)


def test_html_brings_no_ids_scripts_or_fixed_text_colours():
    html = check("step-function", silent_at_zero)._repr_html_()
    outline = Outline(html)
    assert not {"id", "onclick"} & {name for name, _ in outline.attributes}
    assert {"script", "style"}.isdisjoint(outline.tags)
    assert "color: var(--pst-color-text-base, var(--jp-content-font-color1, inherit))" in html
    assert "background: var(--pst-color-background, var(--jp-layout-color1, transparent))" in html


def test_every_mark_has_a_word_beside_it():
    outline = Outline(check("step-function", silent_at_zero)._repr_html_())
    words = "".join(outline.words)
    assert words.count("✓") == words.count("passed,") == 1
    assert words.count("✗") == words.count("not yet,") == 2
    assert outline.attributes.count(("aria-hidden", "true")) == 3
