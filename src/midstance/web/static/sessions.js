// The list of sessions: found by name, kept up to date, two of them chosen to be compared.

import { listen } from "./lib/api.js";
import { byId, setText, show } from "./lib/dom.js";

const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-session]")]);
const find = byId("find");
const isUnfinished = (state) => state === "queued" || state === "running";

function filter() {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let fitting = 0;
  for (const row of rows) {
    const fits = words.every((word) => row.dataset.find.includes(word));
    show(row, fits);
    fitting += Number(fits);
  }
  show(byId("none"), fitting === 0);
  setText(byId("found"), words.length ? `${fitting} of ${rows.length}` : "");
}

function pick() {
  const boxes = [...document.querySelectorAll(".choose input")];
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.disabled = chosen.length === 2 && !box.checked;
  show(byId("picked"), chosen.length > 0);
  byId("picked").querySelector("button").disabled = chosen.length !== 2;
  setText(byId("picked_words"), chosen.length === 2 ? "Two sessions chosen." : "Choose one more to compare with.");
}

// The newer one of two stands higher in the list: it is the one after.
function compare(event) {
  event.preventDefault();
  const [after, before] = [...document.querySelectorAll(".choose input:checked")].map((box) => box.value);
  window.location.assign(`/compare?before=${before}&after=${after}`);
}

function update(session) {
  const row = rows.find((r) => r.dataset.session === session.id);
  if (!row || row.dataset.state === session.state) return;
  row.dataset.state = session.state;
  const badge = row.querySelector("[data-words]");
  setText(badge, session.words);
  badge.className = `badge ${session.state}`;
  show(row.querySelector(".choose"), session.state === "done");
}

function showProgress({ session, job }) {
  const badge = rows.find((r) => r.dataset.session === session)?.querySelector("[data-words]");
  const overall = job.progress?.overall;
  if (badge && job.kind === "analyse" && overall) setText(badge, `${Math.round(100 * overall)} %`);
}

if (rows.length) {
  find.addEventListener("input", filter);
  byId("search").addEventListener("submit", (event) => event.preventDefault());
  byId("pick").addEventListener("change", pick);
  byId("pick").addEventListener("submit", compare);
  pick();
  if (rows.some((row) => isUnfinished(row.dataset.state))) listen(null, { session: update, progress: showProgress });
}
