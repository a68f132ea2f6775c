// The table of strides: click one to go there, leave one out.

import { byId, make } from "../lib/dom.js";
import { instantWords, quantity, seconds } from "../lib/format.js";
import { scroll } from "./findings.js";
import { titleOf } from "./words.js";

/** Columns beside the times: short title, measure and instant; the first that the view has is taken for each. */
const COLUMNS = {
  side: [["contact_time", "stride"], ["tibial_inclination", "initial_contact"], ["knee_flexion", "midstance"], ["ankle_dorsiflexion", "stance_peak"]],
  frontal: [["contact_time", "stride"], ["knee_valgus", "midstance"], ["hip_adduction", "midstance"], ["pelvic_drop", "midstance"]],
};

/**
 * @param {import("./state.js").State} state
 * @param {object} acts
 * @param {(moment: {view: string, time_s: number}) => void} acts.go
 * @param {(view: any, stride: any) => void} acts.exclude
 * @param {Set<string>} acts.changed  Keys of values that the last edit changed.
 */
export function showStrides(state, { go, exclude, changed }) {
  const { views, measures } = state.review;
  const parts = views.map((view) => {
    const columns = COLUMNS[view.view === "side" ? "side" : "frontal"];
    const values = new Map(view.values.map((v) => [`${v.side}|${v.stride}|${v.measure}|${v.instant}`, v]));
    const rows = view.strides.map((stride) => row(view, stride, columns, values, { go, exclude, changed }));
    const titles = columns.map(([measure, instant]) => `${titleOf(measure, measures)}${instant === "stride" ? "" : `, ${instantWords(instant)}`}`);
    const head = ["Stride", "Contact", "Stride time", ...titles, ""].map((t) => make("th", { scope: "col" }, t || make("span", { class: "unseen" }, "Leave out")));
    const table = make("table", { class: "strides", "data-view": view.name }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
    return [views.length > 1 && make("h3", {}, view.title), scroll(table, `Strides, ${view.title.toLowerCase()}`)];
  });
  byId("panel_strides").replaceChildren(...parts.flat().filter(Boolean));
}

function row(view, stride, columns, values, { go, exclude, changed }) {
  const name = `${stride.side === "left" ? "L" : "R"} ${stride.number}`;
  const there = { view: view.name, time_s: stride.initial_contact_s };
  const goes = make("button", { type: "button", class: `small show ${stride.side}`, "aria-label": `Go to ${stride.side} stride ${stride.number}`, onclick: () => go(there) }, name);
  const time_s = stride.next_contact_s - stride.initial_contact_s;
  const cells = columns.map(([measure, instant]) => cell(values.get(`${stride.side}|${stride.number}|${measure}|${instant}`), view, changed));
  const out = stride.excluded_by_hand ? "Count it" : "Leave out";
  const leave = (stride.valid || stride.excluded_by_hand) && make("button", { type: "button", class: "small", "aria-label": `${out}: ${stride.side} stride ${stride.number}`, onclick: () => exclude(view, stride) }, out);
  const edited = stride.edited.length > 0 && make("span", { class: "hand", title: "edited by hand" }, " ✎", make("span", { class: "unseen" }, "edited by hand"));
  return make(
    "tr",
    { class: stride.valid ? null : "invalid", "data-side": stride.side, "data-stride": String(stride.number) },
    make("th", { scope: "row" }, goes, edited),
    make("td", {}, seconds(stride.initial_contact_s)),
    make("td", {}, seconds(time_s)),
    ...(stride.valid ? cells : [make("td", { colspan: String(columns.length), class: "hint" }, stride.reason)]),
    make("td", {}, leave),
  );
}

function cell(value, view, changed) {
  if (!value) return make("td", {}, "–");
  const key = [view.name, value.side, value.stride, value.measure, value.instant].join("|");
  const low = value.quality === "low" && make("span", { title: value.reason }, "≈ ", make("span", { class: "unseen" }, "of low quality "));
  const none = value.quality === "unmeasurable";
  const text = none ? make("span", { title: value.reason }, "–") : quantity(value.value, value.unit);
  return make("td", { class: changed.has(key) ? "changed" : null, "data-measure": value.measure, "data-instant": value.instant }, low, text, changed.has(key) && make("span", { class: "unseen" }, " changed"));
}

/** Mark the rows of the strides that are shown. @param {import("./state.js").State} state */
export function markStrides({ view, time_s }) {
  for (const line of document.querySelectorAll(`table.strides[data-view="${view.name}"] tbody tr`)) {
    const stride = view.strides.find((s) => s.side === line.dataset.side && s.number === Number(line.dataset.stride));
    const on = stride && stride.initial_contact_s <= time_s && time_s < stride.next_contact_s;
    line.classList.toggle("here", Boolean(on));
  }
}

