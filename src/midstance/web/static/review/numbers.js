// Medians of every measure, left beside right; and what is to be known of the clips.

import { byId, make } from "../lib/dom.js";
import { capital, instantWords, number, quantity, signed, withSd } from "../lib/format.js";
import { SIDES } from "../lib/phase.js";
import { summaryKey } from "../lib/changes.js";
import { scroll } from "./findings.js";
import { titleOf } from "./words.js";

/**
 * @param {import("./state.js").State} state
 * @param {Map<string, import("../lib/changes.js").Change>} changed  By key of the row.
 */
export function showNumbers(state, changed) {
  const { views, summary, measures } = state.review;
  const parts = views.flatMap((view) => {
    const rows = summary.filter((r) => r.view === view.name && SIDES.some((s) => s === r.side) && r.median !== null);
    const keys = [...new Set(rows.map((r) => `${r.measure}|${r.instant}`))];
    const lines = keys.map((key, i) => line(rows, key, keys[i - 1], measures, changed));
    const head = ["Measure", "When", "Left", "Right", "Left − right"].map((t) => make("th", { scope: "col" }, t));
    const table = make(
      "table",
      { class: "numbers" },
      make("thead", {}, make("tr", {}, ...head)),
      make("tbody", {}, ...lines),
    );
    return [make("h3", {}, view.title), scroll(table, `Medians, ${view.title.toLowerCase()}`)];
  });
  const hint = make(
    "p",
    { class: "hint" },
    "Median ± SD over the strides that count; “error” is the standard error of the median against the truth. ≈ = of low quality.",
  );
  byId("panel_numbers").replaceChildren(...parts, hint);
}

function line(rows, key, before, measures, changed) {
  const [measure, instant] = key.split("|");
  const [left, right] = SIDES.map((side) =>
    rows.find((r) => r.side === side && r.measure === measure && r.instant === instant),
  );
  const first = !before || before.split("|")[0] !== measure;
  const title = titleOf(measure, measures);
  const difference = left && right ? signed(left.median - right.median, left.unit) : "–";
  return make(
    "tr",
    { class: first ? "first" : null },
    make("th", { scope: "row" }, first ? title : make("span", { class: "unseen" }, title)),
    make("td", {}, instantWords(instant)),
    cell(left, changed),
    cell(right, changed),
    make("td", {}, difference),
  );
}

function cell(row, changed) {
  if (!row) return make("td", {}, "–");
  const change = changed.get(summaryKey(row));
  const low =
    row.quality !== "ok" &&
    make("span", { title: row.reason }, "≈ ", make("span", { class: "unseen" }, "of low quality "));
  const known = row.standard_error !== null && row.standard_error !== undefined;
  const error = known && make("div", { class: "hint" }, `error ${quantity(row.standard_error, row.unit)}`);
  const was = change && make("div", { class: "hint" }, `was ${Number.isFinite(change.before) ? quantity(change.before, row.unit) : "not measured"}`);
  return make(
    "td",
    {
      class: change ? "changed" : null,
      "data-measure": row.measure,
      "data-instant": row.instant,
      "data-side": row.side,
    },
    low,
    withSd(row.median, row.sd, row.unit),
    error,
    was,
  );
}

const LEVELS = { good: ["✓", "Good"], caution: ["!", "Caution"], poor: ["✗", "Poor"] };

/** @param {import("./state.js").State} state */
export function showQuality(state) {
  const parts = state.review.views.map((view) => {
    const facts = [
      ["Frames", `${view.base.real_s.length} at ${number(view.fps, "deg")} frames/s`],
      ["Picture", `${view.width_px} × ${view.height_px}`],
      ["Facing", view.near_side ? `${view.facing}, ${view.near_side} leg nearer` : view.facing],
      ["Ground line", view.tilt_deg === null ? "not found" : `${quantity(view.tilt_deg, "deg")}: ${view.tilt_source}`],
      ["Speed", view.speed_mps ? `${number(3.6 * view.speed_mps, "deg")} km/h` : null],
      ["Strides that count", `${view.strides.filter((s) => s.valid).length} of ${view.strides.length}`],
    ].filter(([, value]) => value);
    const notes = view.notes.map((note) => {
      const [mark, words] = LEVELS[note.level];
      return make(
        "li",
        { class: note.level },
        make("span", { class: "mark", "aria-hidden": "true" }, mark),
        make("div", {}, make("b", {}, `${words}. `), capital(note.message)),
      );
    });
    const list = make(
      "dl",
      { class: "figures" },
      ...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))),
    );
    return make(
      "article",
      { class: "clip" },
      make("h3", {}, view.title),
      list,
      make("ul", { class: "notes" }, ...notes),
    );
  });
  byId("panel_quality").replaceChildren(...parts);
}
