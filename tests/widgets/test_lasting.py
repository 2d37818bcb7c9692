"""A widget lasts as long as its cell: out of view it rests, and when its cell runs again nothing of it stays."""

import pytest

from .test_widgets import every_widget, make, snapshot

# Renders a module as a notebook does, plays with it, and ends it: `rerun(count)` says what is still listened to.
RERUN = """async ([source, state, buffers, count]) => {
  for (const [key, text] of Object.entries(buffers)) {
    state[key] = new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  }
  window.widgetModule ??= import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const widget = (await window.widgetModule).default;
  let heard = 0;
  for (let run = 0; run < count; run++) {
    const now = structuredClone(state), actions = new Map();
    const model = {
      get: (key) => now[key],
      set(key, value) { now[key] = value; for (const action of [...(actions.get(`change:${key}`) ?? [])]) action(); },
      on(event, action) { actions.set(event, [...(actions.get(event) ?? []), action]); heard++; },
      off(event, action) {
        const kept = (actions.get(event) ?? []).filter((one) => one !== action);
        heard -= (actions.get(event) ?? []).length - kept.length;
        actions.set(event, kept);
      },
      save_changes() {},
    };
    const el = document.createElement("div");
    document.body.append(el);
    const end = await widget.render({ model, el });
    for (const slider of el.querySelectorAll("input[type=range]")) {
      slider.value = slider.max;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
    for (const button of [...el.querySelectorAll("button")].slice(0, 3)) button.click();
    await new Promise(requestAnimationFrame);
    end();
    el.remove();
  }
  return heard;
}"""

# Counts whatever would wake a page up: frames asked for, and timers set.
COUNT_FRAMES = """() => {
  window.woken = 0;
  for (const name of ["requestAnimationFrame", "setTimeout", "setInterval"]) {
    const own = window[name].bind(window);
    window[name] = (...rest) => { window.woken++; return own(...rest); };
  }
}"""


def left_behind(page, session):
    """Elements and listeners that the page still holds after its rubbish is collected."""
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return metrics["Nodes"], metrics["JSEventListeners"]


@pytest.fixture
def session(open_page):
    page = open_page("about:blank")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    return page, session


@every_widget
def test_fifty_reruns_of_a_cell_leave_nothing_behind(kind, session):
    page, devtools = session
    shown = snapshot(make(kind))
    rerun = [str(kind._esm), shown["state"], shown["buffers"]]
    assert page.evaluate(RERUN, [*rerun, 3]) == 0  # the module is loaded, whatever it keeps once is there
    nodes, listeners = left_behind(page, devtools)
    assert page.evaluate(RERUN, [*rerun, 50]) == 0, "the model is still listened to"
    after = left_behind(page, devtools)
    assert after[0] <= nodes + 5 and after[1] <= listeners + 5, f"{(nodes, listeners)} became {after}"
    assert page.problems == []


FAR_BELOW = """() => {
  const space = document.createElement("div");
  space.style.height = "9000px";
  document.body.append(space);
  for (const one of [...document.querySelectorAll(".nn-w button")].reverse()) one.click();
  scrollTo(0, document.body.scrollHeight);
}"""

# Waits without a timer: by messages that the page sends to itself, so that only what the widget asks for is counted.
A_WHILE = """(turns) => new Promise((go) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => (turns-- ? port2.postMessage(0) : go());
  port2.postMessage(0);
})"""


@every_widget
def test_out_of_view_no_frame_is_asked_for_and_no_timer_runs(kind, show):
    """Every button was pressed before, the first one last, so whatever plays is playing."""
    page = show(make(kind))
    page.evaluate(FAR_BELOW)
    page.wait_for_function("document.querySelector('.nn-w').getBoundingClientRect().bottom < 0")
    page.evaluate("new Promise((go) => setTimeout(go, 250))")
    page.evaluate(COUNT_FRAMES)
    page.evaluate(A_WHILE, 5000)
    assert page.evaluate("woken") == 0


def test_the_counting_sees_a_widget_that_plays(show):
    """The law above can fail: in view, the playground asks for frame after frame."""
    from nncourse.widgets import Playground

    page = show(Playground())
    page.evaluate(COUNT_FRAMES)
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function("woken > 3")
