const form = document.getElementById("filters");
const figures = [...document.querySelectorAll("figure")];
const large = document.getElementById("large");
let at = null;

function filter() {
  const kept = {};
  for (const box of form.querySelectorAll("input")) {
    (kept[box.name] ??= new Set()).add(box.checked ? box.value : null);
  }
  let shown = 0;
  for (const figure of figures) {
    figure.hidden = Object.entries(kept).some(([name, values]) => !values.has(figure.dataset[name]));
    shown += !figure.hidden;
  }
  for (const row of document.querySelectorAll(".row")) {
    row.hidden = row.previousElementSibling.hidden = !row.querySelector("figure:not([hidden])");
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector("figure:not([hidden])");
  }
  document.getElementById("shown").value = shown;
  document.getElementById("none").hidden = shown > 0;
}

function enlarge(figure) {
  at = figure;
  const image = figure.querySelector("img");
  large.querySelector("img").src = image.src;
  large.querySelector("img").alt = image.alt;
  large.querySelector("span").textContent = image.alt;
  large.querySelector("div").scrollTop = 0;
  if (!large.open) large.showModal();
}

form.addEventListener("change", event => {
  if (event.target.id === "contents") {
    document.getElementById("g" + event.target.value)?.scrollIntoView();
  } else {
    filter();
  }
});
form.addEventListener("submit", event => event.preventDefault());
document.querySelector("main").addEventListener("click", event => {
  const figure = event.target.closest("figure");
  if (figure) enlarge(figure);
});
document.getElementById("close").addEventListener("click", () => large.close());
large.addEventListener("close", () => at?.querySelector("button").focus());
large.addEventListener("keydown", event => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const seen = figures.filter(figure => !figure.hidden);
  const next = seen[seen.indexOf(at) + step];
  if (next) enlarge(next);
});
