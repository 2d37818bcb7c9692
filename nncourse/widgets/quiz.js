import { html, set, stage, status } from "./kit.js";

/** How many questions have their right choice picked. */
export const score = (questions, picked) => questions.filter(({ choices }, i) => choices[picked[i]]?.correct).length;

/** Text whose `code` stands between backticks, as nodes. */
const rich = (text) => text.split("`").map((part, i) => (i % 2 ? html("code", {}, part) : part));

function render({ model, el }) {
  const at = stage({ model, el }, "quiz", "Quiz");
  const questions = at.get("questions"), says = status();
  // The radio buttons of one question need a common name; two copies of a quiz on a page must not share it.
  const unique = `nn-quiz-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;

  const redraws = questions.map(({ prompt, choices }, q) => {
    const comment = html("p", { class: "nn-comment", "aria-live": "polite" });
    const buttons = choices.map((choice, c) => {
      const input = html("input", { type: "radio", name: `${unique}-${q}`, value: c });
      at.listen(input, "change", () => at.put({ picked: at.get("picked").map((old, i) => (i === q ? c : old)) }));
      return { input, row: html("label", { class: "nn-answer" }, input, html("span", {}, ...rich(choice.text))) };
    });
    at.root.append(html("fieldset", {}, html("legend", {}, ...rich(`${q + 1}. ${prompt}`)), ...buttons.map(({ row }) => row), comment));
    return () => {
      const choice = choices[at.get("picked")[q]];
      buttons.forEach(({ input, row }, c) => {
        input.checked = choices[c] === choice;
        set(row, { "data-verdict": choices[c] === choice && (choice.correct ? "right" : "wrong") });
      });
      const verdict = choice && `${choice.correct ? "\u2713 Right." : "\u2717 Not quite."} ${choice.explanation}`;
      comment.replaceChildren(...(choice ? rich(verdict) : []));
    };
  });
  at.root.append(says);

  function draw() {
    for (const redraw of redraws) redraw();
    const picked = at.get("picked"), open = picked.filter((choice) => choice < 0).length;
    says.textContent = `${score(questions, picked)} of ${questions.length} right` + (open ? `, ${open} not answered yet.` : ".");
  }
  at.watch(["picked"], draw);
  draw();
  return at.close;
}

export default { render };
