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


@pytest.mark.parametrize(("word", "chapter"), [("momentum", "10-optimizers"), ("dropout", "14-regularization")])
def test_a_chapter_stands_before_the_pages_where_every_word_occurs_again(open_page, address, word, chapter):
    page = open_page(f"{address('search')}?q={word}")
    page.get_by_text("Search finished").wait_for()
    links = page.locator("#search-results ul.search a")
    found = links.evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    pages = [re.search(r"(appendix/)?([\w-]+)\.html", link)[0] for link in found]
    there = next(place for place, name in enumerate(pages) if chapter in name)
    assert {name for name in pages[:there] if "appendix/" in name} <= {"appendix/glossary.html", "appendix/api.html"}
    assert any(name.startswith("appendix/") for name in pages[there:])


def test_an_excerpt_shows_no_code_of_formulas(open_page, site):
    """Excerpts are fetched, which a page from a disk may not do."""
    page = open_page(f"{site}/search.html?q=softmax")
    page.wait_for_function("document.querySelectorAll('#search-results p.context').length > 5")
    page.wait_for_load_state("networkidle")
    excerpts = page.locator("#search-results p.context").all_inner_texts()
    assert any("\u2026" in excerpt for excerpt in excerpts)
    assert [excerpt for excerpt in excerpts if re.search(r"\\[()\[\]]|\\frac|\\begin", excerpt)] == []
