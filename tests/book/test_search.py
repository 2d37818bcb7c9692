"""The search finds words, from a server and from a folder on the reader's own disk, and its results lead to them."""

import re

import pytest


@pytest.mark.parametrize(
    ("word", "chapter"), [("momentum", "10-optimizers"), ("lottery", "01-from-neuron-to-perceptron")]
)
def test_a_word_typed_on_a_chapter_leads_to_where_it_stands(open_page, address, word, chapter):
    page = open_page(address("book/04-activations"))
    page.keyboard.press("Control+k")
    field = page.locator("#pst-search-dialog input[name=q]")
    field.fill(word)
    field.press("Enter")
    page.wait_for_url(re.compile(rf"/search\.html\?q={word}"))
    link = page.locator(f'#search-results ul.search a[href*="{chapter}"]').first
    link.wait_for()
    assert page.problems == []
    link.click()
    page.wait_for_url(re.compile(chapter))
    assert word in page.locator("article").inner_text().lower()
    assert page.problems == []


def test_a_word_that_is_nowhere_is_not_found(open_page, address):
    page = open_page(f"{address('search')}?q=xylophonist")
    page.get_by_text("did not match any documents").wait_for()
    assert page.problems == []
