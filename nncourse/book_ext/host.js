// Gives a widget's module on a static page what Jupyter would give it: a model and an element. No kernel, no CDN.
// Modules arrive as classic scripts that hand over their source, because a page opened from file:// may not import one.
(() => {
  const sources = new Map(), modules = new Map();

  class Model {
    #state; #actions = new Map();
    constructor(state) { this.#state = state; }
    get(key) { return this.#state[key]; }
    set(key, value) {
      if (Object.is(this.#state[key], value)) return;
      this.#state[key] = value;
      for (const event of [`change:${key}`, "change"]) {
        for (const action of [...(this.#actions.get(event) ?? [])]) action(this, value);
      }
    }
    on(event, action) { this.#actions.set(event, [...(this.#actions.get(event) ?? []), action]); }
    off(event, action) {
      this.#actions.set(event, (this.#actions.get(event) ?? []).filter((one) => action && one !== action));
    }
    save_changes() {} // every set has been seen already; there is no kernel to tell
  }

  function load(name) {
    if (!modules.has(name)) {
      const address = URL.createObjectURL(new Blob([sources.get(name)], { type: "text/javascript" }));
      modules.set(name, import(address).finally(() => URL.revokeObjectURL(address)));
    }
    return modules.get(name);
  }

  async function mount(el) {
    const { module, state, buffers } = JSON.parse(el.querySelector("script").textContent);
    for (const [key, text] of Object.entries(buffers)) {
      state[key] = new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
    }
    const widget = (await load(module)).default;
    const box = document.createElement("div"), fallback = el.querySelector(".nn-fallback");
    el.append(box);
    await widget.render({ model: new Model(state), el: box });
    fallback.remove();
    el.dataset.ready = "true";
  }

  window.nncourse = { define: (name, source) => sources.set(name, source) };
  addEventListener("DOMContentLoaded", () => {
    for (const el of document.querySelectorAll(".nn-widget")) {
      mount(el).catch((error) => { // the description stays, and the reason is in the console
        el.dataset.ready = "failed";
        console.error(error);
      });
    }
  });
})();
