// Of what the search finds: chapters stand before the pages of the appendix, where every word of the book occurs
// once more, and a formula is left out of an excerpt, where it would stand as code.
if (typeof Search !== "undefined") {
  Scorer.score = ([page, , , , score]) => (page.startsWith("book/appendix/") ? score / 10 : score);
  const plain = Search.htmlToText;
  Search.htmlToText = (text, place) => plain(text.replace(/\\\([\s\S]*?\\\)|\\\[[\s\S]*?\\\]/g, "\u2026"), place);
}
