// When everything stands that is drawn by a script, tell the server, which then lets the page finish loading.
(async () => {
  const wait = document.body.appendChild(new Image());
  wait.alt = "";
  wait.src = "/wait.svg";
  const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
  while (document.readyState === "loading" || document.querySelector(".nn-widget:not([data-ready])")) await pause();
  while (document.querySelector(".math") && !window.MathJax?.startup?.promise) await pause(); // its script may come late
  await window.MathJax?.startup?.promise;
  await Promise.all([...document.images].filter((image) => image !== wait).map((image) => image.decode().catch(() => {})));
  while (document.fonts.status === "loading") await pause(); // `ready` would wait for the page, which waits for us
  const problems = [
    ...[...document.querySelectorAll('.nn-widget[data-ready="failed"]')].map((one) => `widget ${one.dataset.widget}`),
    ...[...document.querySelectorAll("mjx-merror, [data-mjx-error]")].map((one) => `mathematics: ${one.textContent}`),
    ...[...document.querySelectorAll(".math")].filter((one) => !one.querySelector("mjx-container")).map((one) => `mathematics: ${one.textContent}`),
    ...[...document.images].filter((image) => image !== wait && !image.naturalWidth).map((image) => `picture ${image.src}`),
  ];
  await fetch("/ready", { method: "POST", body: JSON.stringify(problems) });
})();
