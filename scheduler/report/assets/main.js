"use strict";
/* Puts the page together: theme, printing, sections. */
(() => {
  const root = document.documentElement, button = R.byId("theme");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function theme(name) {
    R.theme = name;
    root.dataset.theme = name;
    button.textContent = name === "dark" ? "Light" : "Dark";
    R.tell("theme", name);
  }
  theme(dark.matches ? "dark" : "light");
  R.gantt.start();
  R.tables.late();
  R.charts.start(R.byId("cost-table") ? R.tables.costs() : []);

  let chosen = false, before = null;
  button.addEventListener("click", () => { chosen = true; theme(R.theme === "dark" ? "light" : "dark"); });
  dark.addEventListener("change", (e) => { if (!chosen) theme(e.matches ? "dark" : "light"); });
  R.byId("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => { before = R.theme; theme("light"); R.tell("print", true); });
  window.addEventListener("afterprint", () => { if (before) theme(before); R.tell("print", false); });

  const links = new Map([...document.querySelectorAll(".sections a")].map((a) => [a.hash.slice(1), a]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) for (const [id, link] of links) link.classList.toggle("here", id === entry.target.id);
  }, { rootMargin: "-15% 0px -75% 0px" });
  for (const id of links.keys()) seen.observe(R.byId(id));
})();
