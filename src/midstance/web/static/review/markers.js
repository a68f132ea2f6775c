// Pelvis markers: placed on one frame, tracked by the server through the clip.

import { send } from "../lib/api.js";
import { attempt, byId, make, setText, show } from "../lib/dom.js";
import { middle } from "../lib/geometry.js";
import { nearestIndex } from "../lib/timebase.js";

/** What can be placed in each view: the points by the server's names, with their titles. */
const KINDS = {
  side: {
    spines: { title: "ASIS and PSIS", points: { front: "ASIS", back: "PSIS" } },
    waistband: { title: "Tape on the waistband", points: { front: "Front tape", back: "Back tape" } },
  },
  frontal: { hips: { title: "Marks on both hips", points: { left: "Runner’s left", right: "Runner’s right" } } },
};
const kindsOf = (view) => KINDS[view.view === "side" ? "side" : "frontal"];
const LOST = 0.1;

/**
 * @param {object} parts
 * @param {import("./state.js").State} parts.state
 * @param {import("./placer.js").Placer} parts.placer
 * @param {import("./deck.js").Deck} parts.deck
 * @param {string} parts.base
 * @param {(told: any) => Promise<void>} parts.take
 */
export function bindMarkers({ state, placer, deck, base, take }) {
  const address = () => `${base}/views/${state.view.name}/markers`;
  state.on("view review mode", () => showState(state));
  byId("markers_place").addEventListener("click", async () => {
    deck.pause();
    const { view } = state;
    const kind = byId("markers_kind").value;
    const { points: titles } = kindsOf(view)[kind];
    const placed = await placer.place({
      start: startPoints(view, titles, deck.time_s),
      words: `Put each point on its mark: ${Object.values(titles).join(", ")}.`,
    });
    if (!placed) return;
    const points = Object.fromEntries(Object.entries(titles).map(([name, title]) => [name, placed[title]]));
    const frame = view.frame_number[nearestIndex(view.base.real_s, deck.time_s)];
    const sent = await attempt(() => send("PUT", address(), { frame, kind, points }));
    if (sent) setText(byId("markers_state"), "Following the markers through the clip …");
  });
  byId("markers_remove").addEventListener("click", () => attempt(async () => take(await send("DELETE", address()))));
}

/** Near the hips, where the markers must be. */
function startPoints(view, titles, time_s) {
  const point = view.landmarks.at(time_s);
  const hips = middle(point("left_hip"), point("right_hip"));
  const apart = 0.04 * view.height_px;
  const ahead = view.view !== "side" ? 0 : view.facing === "left" ? -1 : 1;
  const place = {
    front: [hips[0] + ahead * apart, hips[1] - apart],
    back: [hips[0] - ahead * apart, hips[1] - apart],
    left: point("left_hip"),
    right: point("right_hip"),
  };
  const fallback = [view.width_px / 2, view.height_px / 2];
  return Object.fromEntries(
    Object.entries(titles).map(([name, title]) => [title, place[name].every(Number.isFinite) ? place[name] : fallback]),
  );
}

function showState({ view }) {
  const kinds = Object.entries(kindsOf(view));
  const select = byId("markers_kind");
  const chosen = select.value;
  select.replaceChildren(...kinds.map(([id, { title }]) => make("option", { value: id }, title)));
  if (kinds.some(([id]) => id === chosen)) select.value = chosen;
  byId("markers_place").disabled = !view.video;
  show(byId("markers_remove"), Boolean(view.markers));
  setText(byId("markers_state"), stateWords(view));
}

function stateWords({ markers, video }) {
  if (!video) return "Markers need the clip; this view has landmarks only.";
  if (!markers) return "";
  if (markers.state === "tracking") return "Following the markers through the clip …";
  if (markers.state === "failed")
    return `The markers could not be followed. ${markers.message} Place them again on a frame where they are easy to see.`;
  const error = markers.standard_error_deg ? `, right to about ${markers.standard_error_deg.toFixed(1)}°` : "";
  const lost = markers.lost_share ?? 0;
  const drift =
    lost > LOST
      ? ` Warning: they were lost or drifted in ${Math.round(100 * lost)} % of the frames; those count as not measured. Place them on a clearer frame to have more.`
      : "";
  return `Followed through the clip${error}.${drift} ${markers.message ?? ""}`.trim();
}
