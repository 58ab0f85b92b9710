"use strict";
const at = (id) => document.getElementById(id);
const CHOICES = ["size", "text_scale", "theme", "language", "network"];
const ROOM = 72; // around the frame, its caption included

let now = null;

function show(state) {
  if (now && state.revision < now.revision) return;
  const first = now === null;
  now = state;
  fill(at("service"), state.services.map((id) => [id, id]), state.service);
  at("service").parentElement.hidden = state.services.length < 2;
  const people = state.personas.map((one) => [one.id, one.name]);
  fill(at("persona"), state.persona ? people : [["", "Nobody is signed in"], ...people], state.persona);
  const person = state.personas.find((one) => one.id === state.persona);
  at("situation").textContent = person ? person.situation : "";
  at("pin").textContent = state.pin;
  for (const name of CHOICES) {
    for (const input of at(name).querySelectorAll("input")) input.checked = input.value === String(state[name]);
  }
  document.title = `${state.broken ? "✗ " : ""}${state.service} · Preview`;
  tellSaved(state);
  tellFindings(state.findings);
  at("frame").hidden = !state.framed;
  if (first && state.framed) at("app").src = `/service/${state.service}`;
  fit();
}

function fill(select, options, chosen) {
  const wanted = JSON.stringify(options);
  if (select.dataset.options !== wanted) {
    select.dataset.options = wanted;
    select.replaceChildren(...options.map(([value, words]) => new Option(words, value)));
  }
  select.value = chosen;
}

function tellSaved(state) {
  const time = state.taken_up && new Date(state.taken_up).toLocaleTimeString();
  const saved = at("saved");
  saved.className = state.broken ? "wrong" : time ? "done" : "";
  saved.textContent = state.broken
    ? `What was saved cannot be taken up. The app shows ${time ? `what was saved at ${time}` : "what last held"}.`
    : time ? `Taken up at ${time}, in ${state.seconds.toFixed(2)} s.` : "Save a file: it shows here at once.";
}

function tellFindings(findings) {
  at("count").textContent = findings.length ? `Found: ${findings.length}` : "Nothing found";
  at("findings").replaceChildren(...findings.map((found) => {
    const item = document.createElement("li");
    item.className = found.severity;
    const place = document.createElement("span");
    place.className = "place";
    place.textContent = `${found.path}:${found.line}:${found.column}`;
    const rule = document.createElement("span");
    rule.className = "rule";
    rule.textContent = found.rule;
    const message = document.createElement("p");
    message.textContent = found.message;
    item.append(place, rule, message);
    return item;
  }));
}

function fit() {
  if (!now) return;
  const [width, height] = now.sizes[now.size];
  const room = at("frame").parentElement;
  const scale = Math.min(1, (room.clientWidth - ROOM) / width, (room.clientHeight - ROOM) / height);
  const shown = scale < 1 ? ` · shown at ${Math.round(scale * 100)} %` : "";
  at("caption").textContent = now.framed ? `${width} × ${height}${shown}` : "Loket is open in its own window.";
  Object.assign(at("app").style, { width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` });
  Object.assign(at("frame").style, { width: `${width * scale}px`, height: `${height * scale}px` });
}

async function set(name, value) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/_preview/set", { method: "POST", headers, body: JSON.stringify({ [name]: value }) });
  const told = await answer.json();
  at("problem").hidden = answer.ok;
  at("problem").textContent = told.problem || "";
  show(answer.ok ? told : { ...now, revision: now.revision + 1 });
}

for (const name of CHOICES) {
  at(name).addEventListener("change", ({ target }) =>
    set(name, name === "text_scale" ? Number(target.value) : target.value));
}
for (const name of ["service", "persona"]) {
  at(name).addEventListener("change", ({ target }) => target.value && set(name, target.value));
}
at("start-over").addEventListener("click", () => set("start_over", true));
addEventListener("resize", fit);

(async function news() {
  for (;;) {
    try {
      const answer = await fetch(`/_preview/state?after=${now ? now.revision : ""}`);
      show(await answer.json());
    } catch {
      at("saved").className = "wrong";
      at("saved").textContent = "The preview has ended. Start it again in the terminal.";
      now = null;
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
})();
