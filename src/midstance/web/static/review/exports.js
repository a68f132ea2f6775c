// The export dialog: single files at once, everything else made by the server and offered when ready.

import { getJson, send } from "../lib/api.js";
import { attempt, byId, make, setText, show } from "../lib/dom.js";
import { capital, fileSize, timeLeft } from "../lib/format.js";

const isMoving = (state) => state === "queued" || state === "running";

/**
 * @param {import("./state.js").State} state
 * @param {string} base
 * @returns {{progress: (job: any, ended: boolean) => void}}
 */
export function bindExports(state, base) {
  const dialog = byId("export");
  const refresh = () => attempt(async () => showExports(await getJson(`${base}/exports`)));
  byId("open_export").addEventListener("click", () => {
    if (state.layers.has("face")) option("blur_face").checked = true; // who is hidden here is hidden there
    dialog.showModal();
    refresh();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  bindAtOnce(state, base);
  byId("export_form").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      await send("POST", `${base}/exports`, wanted(event.target));
      await refresh();
    });
  });
  byId("export_cancel").addEventListener("click", () =>
    attempt(async () => (await send("POST", `${base}/cancel`), refresh())),
  );
  state.on("review", () => dialog.open && refresh());
  return { progress: (job, ended) => (ended ? dialog.open && refresh() : showProgress(job)) };
}

/** @param {string} name */
const option = (name) => byId("export_form").elements.namedItem(name);

function bindAtOnce(state, base) {
  const select = byId("one_plot");
  const point = () => {
    const query = `?download=1&name_runner=${option("name_runner").checked}`;
    for (const link of document.querySelectorAll("[data-plot]"))
      link.href = `${base}/plots/${select.value}.${link.dataset.plot}${query}`;
    for (const link of document.querySelectorAll("[data-table]"))
      link.href = `${base}/tables/${link.dataset.table}${query}`;
  };
  state.on("review", () => {
    const { measures, summary } = state.review;
    const there = Object.keys(measures).filter(
      (m) => measures[m].kind === "curve" && summary.some((r) => r.measure === m),
    );
    select.replaceChildren(...there.map((m) => make("option", { value: m }, measures[m].title)));
    point();
  });
  for (const input of [select, option("name_runner")]) input.addEventListener("change", point);
}

/** What the form asks for, as the server takes it. @param {HTMLFormElement} form */
function wanted(form) {
  const given = new FormData(form);
  const plots = given.has("plots");
  return {
    report: given.has("report"),
    overlay: given.has("overlay"),
    name_runner: given.has("name_runner"),
    blur_face: given.has("blur_face"),
    tables: given.has("tables"),
    plots: plots ? "all" : [],
    plot_formats: plots ? given.getAll("format") : [],
  };
}

function showProgress(job) {
  const { overall, step, overall_left_s: left_s } = job.progress ?? {};
  const bar = byId("export_progress");
  if (overall) bar.value = overall;
  setText(byId("export_words"), [step ?? "Waiting", timeLeft(left_s)].filter(Boolean).join(", "));
}

function showExports({ state, outdated, files, zip }) {
  const moving = isMoving(state);
  show(byId("export_progress"), moving);
  show(byId("export_cancel"), moving);
  byId("make").disabled = moving;
  const words =
    { failed: "The export failed. Make it again; if it fails again, leave the overlay out.", cancelled: "Cancelled." }[
      state
    ] ?? "";
  if (!moving)
    setText(
      byId("export_words"),
      outdated && files.length ? "These files are from before the last edit. Make them again." : words,
    );
  show(byId("export_files"), !moving && files.length > 0);
  show(byId("export_zip"), Boolean(zip));
  if (zip) byId("export_zip").href = zip;
  byId("export_list").replaceChildren(...files.map(fileLine));
}

function fileLine(file) {
  const what = [file.title !== file.name && capital(file.title), fileSize(file.size_bytes)].filter(Boolean).join(", ");
  const name = file.name.split("/").at(-1);
  return make(
    "li",
    {},
    make("a", { href: `${file.url}?download=1`, "data-kind": file.kind, download: name }, name),
    " ",
    make("span", { class: "hint" }, what),
  );
}
