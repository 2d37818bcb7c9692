// Paper is white: a page that is read in the dark is printed in the light.
{
  const root = document.documentElement, page = matchMedia("print");
  let chosen;
  const change = ({ matches }) => {
    if (matches && root.dataset.theme === "dark") [chosen, root.dataset.theme] = ["dark", "light"];
    else if (!matches && chosen) [root.dataset.theme, chosen] = [chosen];
  };
  page.addEventListener("change", change);
  addEventListener("beforeprint", () => change({ matches: true }));
  addEventListener("afterprint", () => change({ matches: false }));
}
