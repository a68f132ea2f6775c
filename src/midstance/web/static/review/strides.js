// The table of strides: click one to go there, leave one out.

import { byId, make } from "../lib/dom.js";
import { number, quantity } from "../lib/format.js";
import { SIDES, strideAt } from "../lib/phase.js";
import { frameFrom } from "../lib/timebase.js";
import { scroll } from "./findings.js";

/** Columns beside the times: measure, instant, and a short title. */
const COLUMNS = {
  side: [
    ["contact_time", "stride", "Ground contact, s"],
    ["tibial_inclination", "initial_contact", "Tibia at contact"],
    ["knee_flexion", "midstance", "Knee at midstance"],
    ["ankle_dorsiflexion", "stance_peak", "Ankle, stance peak"],
  ],
  frontal: [
    ["contact_time", "stride", "Ground contact, s"],
    ["knee_valgus", "midstance", "Knee valgus at midstance"],
    ["hip_adduction", "midstance", "Hip adduction at midstance"],
    ["pelvic_drop", "stance_peak", "Pelvic drop, stance peak"],
  ],
};

/**
 * @param {import("./state.js").State} state
 * @param {object} acts
 * @param {(moment: {view: string, time_s: number}) => void} acts.go
 * @param {(view: any, stride: any) => void} acts.exclude
 * @param {Set<string>} acts.changed  Keys of values that the last edit changed.
 */
export function showStrides(state, { go, exclude, changed }) {
  const { views } = state.review;
  const parts = views.map((view) => {
    const columns = COLUMNS[view.view === "side" ? "side" : "frontal"];
    const values = new Map(view.values.map((v) => [`${v.side}|${v.stride}|${v.measure}|${v.instant}`, v]));
    const rows = view.strides.map((stride) => row(view, stride, columns, values, { go, exclude, changed }));
    const head = ["Stride", "Stride time, s", ...columns.map(([, , title]) => title), ""].map((t) =>
      make("th", { scope: "col" }, t || make("span", { class: "unseen" }, "Leave out")),
    );
    const table = make(
      "table",
      { class: "strides", "data-view": view.name },
      make("thead", {}, make("tr", {}, ...head)),
      make("tbody", {}, ...rows),
    );
    return [views.length > 1 && make("h3", {}, view.title), scroll(table, `Strides, ${view.title.toLowerCase()}`)];
  });
  byId("panel_strides").replaceChildren(...parts.flat().filter(Boolean));
}

function row(view, stride, columns, values, { go, exclude, changed }) {
  const name = `${stride.side === "left" ? "L" : "R"} ${stride.number}`;
  const there = { view: view.name, time_s: frameFrom(view.base, stride.initial_contact_s) };
  const goes = make(
    "button",
    {
      type: "button",
      class: `small show ${stride.side}`,
      "aria-label": `Go to ${stride.side} stride ${stride.number}`,
      onclick: () => go(there),
    },
    name,
  );
  const time_s = stride.next_contact_s - stride.initial_contact_s;
  const cells = columns.map(([measure, instant]) =>
    cell(values.get(`${stride.side}|${stride.number}|${measure}|${instant}`), view, changed),
  );
  const out = stride.excluded_by_hand ? "Count it" : "Leave out";
  const leave =
    (stride.valid || stride.excluded_by_hand) &&
    make(
      "button",
      {
        type: "button",
        class: "small",
        "aria-label": `${out}: ${stride.side} stride ${stride.number}`,
        onclick: () => exclude(view, stride),
      },
      out,
    );
  const edited =
    stride.edited.length > 0 &&
    make("span", { class: "hand", title: "edited by hand" }, " ✎", make("span", { class: "unseen" }, "edited by hand"));
  return make(
    "tr",
    { class: stride.valid ? null : "invalid", "data-side": stride.side, "data-stride": String(stride.number) },
    make("th", { scope: "row" }, goes, edited),
    make("td", {}, number(time_s, "s")),
    ...(stride.valid ? cells : [make("td", { colspan: String(columns.length), class: "hint" }, stride.reason)]),
    make("td", {}, leave),
  );
}

function cell(value, view, changed) {
  if (!value) return make("td", {}, "–");
  const key = [view.name, value.side, value.stride, value.measure, value.instant].join("|");
  const low =
    value.quality === "low" &&
    make("span", { title: value.reason }, "≈ ", make("span", { class: "unseen" }, "of low quality "));
  const none = value.quality === "unmeasurable";
  const text = none
    ? make("span", { title: value.reason }, "–")
    : value.unit === "s"
      ? number(value.value, "s")
      : quantity(value.value, value.unit);
  return make(
    "td",
    { class: changed.has(key) ? "changed" : null, "data-measure": value.measure, "data-instant": value.instant },
    low,
    text,
    changed.has(key) && make("span", { class: "unseen" }, " changed"),
  );
}

/** Mark the rows of the strides that are shown. @param {import("./state.js").State} state */
export function markStrides({ view, time_s }) {
  const here = SIDES.map((side) => strideAt(view.strides, side, time_s)).filter(Boolean);
  const names = here.map(
    (s) => `table.strides[data-view="${view.name}"] tr[data-side="${s.side}"][data-stride="${s.number}"]`,
  );
  const lines = new Set(names.map((name) => document.querySelector(name)));
  for (const line of document.querySelectorAll("table.strides tr.here")) line.classList.toggle("here", lines.has(line));
  for (const line of lines) line?.classList.add("here");
}
