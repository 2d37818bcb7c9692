// A page read from a disk cannot open JupyterLite, which needs a server: its links say so instead of failing.
if (location.protocol === "file:") {
  for (const link of document.querySelectorAll('a[href*="lite/notebooks/index.html?path="]')) {
    const words = document.createElement("span");
    words.className = link.className;
    words.textContent = "To try it here, read this book from a server: in the folder of index.html, python -m http.server, then http://localhost:8000";
    link.replaceWith(words);
  }
}
