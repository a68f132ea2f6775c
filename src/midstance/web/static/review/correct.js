// Corrections by hand: undo, redo, swapped sides, the tilt line; what they changed is listed and marked.

import { send } from "../lib/api.js";
import { byChangeWords } from "./words.js";
import { byWeight, changes, summaryKey, valueKey } from "../lib/changes.js";
import { attempt, byId, make, say, show } from "../lib/dom.js";
import { slope_deg } from "../lib/geometry.js";
import { strideAt } from "../lib/phase.js";
import { groundHeight } from "../draw/marks.js";

const SHOWN = 8;

/**
 * @param {object} parts
 * @param {import("./state.js").State} parts.state
 * @param {import("./placer.js").Placer} parts.placer
 * @param {string} parts.base  Address of the session.
 * @param {(told: any) => Promise<void>} parts.take  Takes a review that was computed anew.
 */
export function bindCorrect({ state, placer, base, take }) {
  /** @param {"POST" | "PUT" | "DELETE"} method @param {string} address @param {unknown} [body] */
  const edit = (method, address, body) =>
    attempt(async () => {
      say("Computing the values again");
      const before = state.review;
      await take(await send(method, `${base}/${address}`, body));
      showChanges(before, state.review);
      return true;
    });
  const commit = (one) => edit("POST", "edits", { edit: one });
  byId("undo").addEventListener("click", () => edit("POST", "edits/undo"));
  byId("redo").addEventListener("click", () => edit("POST", "edits/redo"));
  byId("drop_all").addEventListener("click", () => edit("DELETE", "edits"));
  byId("swap").addEventListener("click", () =>
    commit({ kind: "swap_sides", view: state.view.name, ...swapSpan(state) }),
  );
  byId("tilt").addEventListener("click", () => placeTilt(state, placer, commit));
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || state.mode !== "correct" || event.target.closest("input, dialog")) return;
    const button = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[key];
    if (!button) return;
    event.preventDefault();
    byId(button).click();
  });
  state.on("review", () => showEdits(state.review.edits));
  return {
    commit,
    /** Leave a stride out, or count it again. */
    exclude: (view, stride) => {
      const { list } = state.review.edits;
      const mine = (e) =>
        e.kind === "exclude_stride" &&
        e.view === view.name &&
        e.side === stride.side &&
        Math.abs(e.initial_contact_s - stride.initial_contact_s) < 0.1;
      if (stride.excluded_by_hand) return edit("PUT", "edits", { edits: list.filter((e) => !mine(e)) });
      return commit({
        kind: "exclude_stride",
        view: view.name,
        side: stride.side,
        initial_contact_s: stride.initial_contact_s,
      });
    },
  };
}

/** From when to when sides are swapped; null = to the end of the clip. */
function swapSpan({ view, foot, time_s }) {
  const stride = strideAt(view.strides, foot, time_s);
  const spans = {
    all: { from_s: null, to_s: null },
    from: { from_s: time_s, to_s: null },
    to: { from_s: null, to_s: time_s },
    stride: stride ? { from_s: stride.initial_contact_s, to_s: stride.next_contact_s } : { from_s: null, to_s: null },
  };
  return spans[byId("swap_span").value];
}

/** Two points on what is level in truth, such as the edge of a window sill. */
async function placeTilt(state, placer, commit) {
  const { view } = state;
  const ground = groundHeight(view);
  const y = Number.isFinite(ground) ? ground : 0.8 * view.height_px;
  const start = { "left end": [0.15 * view.width_px, y], "right end": [0.85 * view.width_px, y] };
  const words =
    "Put both ends on a line that is level in truth: the edge of a table, a skirting board, the treadmill at no incline.";
  const points = await placer.place({
    start,
    words,
    line: true,
    told: (p) => `Slope ${slope_deg(p["left end"], p["right end"]).toFixed(1)}°`,
  });
  if (points)
    await commit({ kind: "tilt_line", view: view.name, points_px: [points["left end"], points["right end"]] });
}

function showEdits(edits) {
  byId("undo").disabled = !edits.can_undo;
  byId("redo").disabled = !edits.can_redo;
  byId("drop_all").disabled = !edits.list.length;
  show(byId("edited"), edits.edited);
  byId("edits").replaceChildren(...edits.list.map((e, i) => make("li", {}, e.words ?? edits.words[i])));
  show(byId("no_edits"), !edits.list.length);
}

/** How many values of single strides differ. */
function valuesChanged(before, after) {
  const counts = after.views.map(
    (view, i) => changes(before.views[i]?.values ?? [], view.values, (v) => valueKey(v, view.name), "value").length,
  );
  return counts.reduce((a, b) => a + b, 0);
}

function showChanges(before, after) {
  const found = byWeight(changes(before.summary, after.summary, summaryKey, "median"));
  const words = found.slice(0, SHOWN).map((c) => make("li", {}, byChangeWords(c, after.measures)));
  if (found.length > SHOWN)
    words.push(make("li", { class: "hint" }, `and ${found.length - SHOWN} more, marked under Numbers`));
  const single = valuesChanged(before, after);
  if (single) words.push(make("li", { class: "hint" }, `${single} values of single strides, marked under Strides`));
  byId("changes").replaceChildren(...words);
  const none = byId("no_changes");
  none.textContent = "No value changed.";
  show(none, !words.length);
}
