// What is drawn about the skeleton: events below the feet, the paths of ankle and knee, the ground line, the markers.

import { isSeen } from "../lib/geometry.js";
import { SIDES } from "../lib/phase.js";
import { HALO, INK, SIDE_COLOUR } from "./pen.js";

const HELD_S = 0.12;
const TRAIL_S = 0.7;
const EVENTS = [
  {
    name: "initial_contact",
    title: "contact",
    below: "heel",
    corners: [
      [-1, -0.8],
      [1, -0.8],
      [0, 0.8],
    ],
  },
  {
    name: "midstance",
    title: "midstance",
    below: "ankle",
    corners: [
      [0, -1],
      [1, 0],
      [0, 1],
      [-1, 0],
    ],
  },
  {
    name: "toe_off",
    title: "toe-off",
    below: "foot_index",
    corners: [
      [0, -0.8],
      [1, 0.8],
      [-1, 0.8],
    ],
  },
];

/**
 * Mark the latest event of each leg where it happened, for a moment.
 * @param {import("./pen.js").Pen} pen
 * @param {import("../lib/model.js").View} view
 * @param {number} time_s
 */
export function drawEvents(pen, view, time_s) {
  for (const side of SIDES) {
    const event = latestEvent(view, side, time_s);
    if (event) drawEvent(pen, view, side, event);
  }
}

function latestEvent(view, side, time_s) {
  const own = view.strides.filter((s) => s.side === side);
  const all = own.flatMap((s) => EVENTS.map((event) => ({ ...event, time_s: s[`${event.name}_s`] })));
  const past = all.filter((e) => e.time_s <= time_s + 1e-4 && time_s - e.time_s < HELD_S);
  return past.sort((a, b) => a.time_s - b.time_s).at(-1) ?? null;
}

function drawEvent(pen, view, side, event) {
  const point = view.landmarks.at(event.time_s);
  const sole = Math.max(...["ankle", "heel", "foot_index"].map((j) => point(`${side}_${j}`)[1]));
  const at = [point(`${side}_${event.below}`)[0], Math.min(sole + 1.3 * pen.unit, view.height_px - 2.4 * pen.unit)];
  if (!isSeen(at)) return;
  const corners = event.corners.map(([x, y]) => [at[0] + 0.6 * pen.unit * x, at[1] + 0.6 * pen.unit * y]);
  pen.path(corners, SIDE_COLOUR[side], { closed: true, fill: SIDE_COLOUR[side], width: 0.1 });
  const text = `${side === "left" ? "L" : "R"} ${event.title}`;
  pen.label(text, [at[0], at[1] + 1.6 * pen.unit], { size: 1.1, colour: HALO, plate: SIDE_COLOUR[side] });
}

/**
 * Where ankle and knee of the near leg (of both from the front) have just been.
 * @param {import("./pen.js").Pen} pen
 * @param {import("../lib/model.js").View} view
 * @param {number} time_s
 */
export function drawPaths(pen, view, time_s) {
  for (const side of view.near_side ? [view.near_side] : SIDES) {
    for (const [joint, dash] of [
      ["ankle", []],
      ["knee", [0.5, 0.4]],
    ]) {
      const points = view.landmarks.path(`${side}_${joint}`, time_s - TRAIL_S, time_s);
      pen.path(points, SIDE_COLOUR[side], { width: 0.14, dash });
    }
  }
}

/**
 * The ground line at the feet, and a level line to see its tilt against.
 * @param {import("./pen.js").Pen} pen
 * @param {import("../lib/model.js").View} view
 * @param {number} ground_y  Where the feet stand.
 */
export function drawGround(pen, view, ground_y) {
  if (!Number.isFinite(ground_y)) return;
  const half = view.width_px / 2;
  const rise = Math.tan(((view.tilt_deg || 0) * Math.PI) / 180) * half;
  pen.path(
    [
      [0, ground_y],
      [view.width_px, ground_y],
    ],
    INK,
    { width: 0.06, dash: [0.4, 0.6], opacity: 0.6 },
  );
  pen.path(
    [
      [0, ground_y - rise],
      [view.width_px, ground_y + rise],
    ],
    "#f0e442",
    { width: 0.16 },
  );
}

/**
 * Median height of the standing feet: where the ground line is drawn.
 * @param {import("../lib/model.js").View} view
 */
export function groundHeight(view) {
  const heights = view.strides.flatMap((s) => {
    const point = view.landmarks.at(s.midstance_s);
    return [point(`${s.side}_heel`)[1], point(`${s.side}_foot_index`)[1]];
  });
  const known = heights.filter(Number.isFinite).sort((a, b) => a - b);
  return known.length ? known[known.length >> 1] : NaN;
}

/**
 * The pelvis markers at a time, with the line between them.
 * @param {import("./pen.js").Pen} pen
 * @param {Record<string, import("../lib/geometry.js").Point>} markers
 */
export function drawMarkers(pen, markers) {
  const points = Object.entries(markers);
  if (points.length > 1)
    pen.path(
      points.map(([, at]) => at),
      "#e0a6ff",
      { width: 0.16 },
    );
  for (const [name, at] of points) {
    const r = 0.7 * pen.unit;
    pen.path(
      [
        [at[0] - r, at[1]],
        [at[0] + r, at[1]],
      ],
      "#e0a6ff",
      { width: 0.12 },
    );
    pen.path(
      [
        [at[0], at[1] - r],
        [at[0], at[1] + r],
      ],
      "#e0a6ff",
      { width: 0.12 },
    );
    pen.label(name, [at[0], at[1] - 1.4 * pen.unit], { size: 1 });
  }
}
