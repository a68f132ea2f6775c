// Angle arcs: a dashed line that the angle is measured against, and the arc from it to the body.

import { along, isSeen, length, middle, minus, turn, turned, unit } from "../lib/geometry.js";
import { wholeDegrees } from "../lib/format.js";
import { INK } from "./pen.js";

/** @typedef {import("../lib/geometry.js").Point} Point */
/** @typedef {{apex: Point, reference: Point, body: Point, radius: number, line: number, bodyLine: number}} Arc */

/** @type {Point} */
const UP = [0, -1];

/** The angles with an arc, by view, from the top of the body down. */
export const SHOWN = {
  side: ["trunk_lean", "knee_flexion", "tibial_inclination", "ankle_dorsiflexion"],
  front: ["trunk_side_lean", "knee_valgus"],
  rear: ["trunk_side_lean", "knee_valgus"],
};

/**
 * How an angle lies in the picture; null for an angle without an arc, or when a landmark is not seen.
 * @param {string} measure
 * @param {"left" | "right"} side
 * @param {(name: string) => Point} point
 * @param {number} value_deg
 * @param {string} facing
 * @returns {Arc | null}
 */
export function arcOf(measure, side, point, value_deg, facing) {
  const make = GEOMETRY[measure];
  if (!make || !Number.isFinite(value_deg)) return null;
  const arc = make((joint) => point(`${side}_${joint}`), point, value_deg, facing);
  return [arc.apex, arc.reference, arc.body].every(isSeen) ? arc : null;
}

/**
 * @param {import("./pen.js").Pen} pen
 * @param {Arc} arc
 * @param {number} value_deg
 * @param {Point[]} labels  Where numbers stand already; this one's place is added.
 */
export function drawArc(pen, arc, value_deg, labels) {
  const { apex, reference, body, radius } = arc;
  const angle = turn(reference, body);
  const steps = Math.max(3, Math.ceil(Math.abs(angle) / 0.05));
  const rim = Array.from({ length: steps + 1 }, (_, i) => along(apex, turned(reference, (angle * i) / steps), radius));
  pen.shape([apex, ...rim], INK, 0.3);
  pen.path([apex, along(apex, reference, arc.line)], INK, { width: 0.13, dash: [0.45, 0.35] });
  if (arc.bodyLine) pen.path([apex, along(apex, body, arc.bodyLine)], INK, { width: 0.13 });
  pen.path(rim, INK, { width: 0.13 });
  const place = freePlace(apex, turned(reference, angle / 2), radius + 1.5 * pen.unit, 2 * pen.unit, labels);
  labels.push(place);
  pen.label(wholeDegrees(value_deg), place, { size: 1.25 });
}

/** The first place from a point outwards that is clear of the numbers there. */
function freePlace(apex, outwards, distance, clear, labels) {
  for (let tries = 0; tries < 8; tries += 1) {
    const place = along(apex, outwards, distance + (tries * clear) / 2);
    if (labels.every((other) => length(minus(other, place)) > clear)) return place;
  }
  return along(apex, outwards, distance);
}

const GEOMETRY = {
  tibial_inclination: (own) => {
    const shank = minus(own("knee"), own("ankle"));
    return arc(own("ankle"), UP, shank, 0.45 * length(shank), 0.95 * length(shank));
  },
  knee_flexion: (own) => {
    const shank = minus(own("ankle"), own("knee"));
    return arc(own("knee"), minus(own("knee"), own("hip")), shank, 0.36 * length(shank), 0.7 * length(shank));
  },
  knee_valgus: (own) => {
    const shank = minus(own("ankle"), own("knee"));
    return arc(own("knee"), minus(own("knee"), own("hip")), shank, 0.85 * length(shank), 1.1 * length(shank));
  },
  ankle_dorsiflexion: (own, _point, value_deg, facing) => {
    const foot = minus(own("foot_index"), own("heel"));
    // Neutral rests on the flat foot of the whole clip: it cannot be seen in one picture, so the foot is turned back.
    const neutral = turned(foot, ((facing === "right" ? 1 : -1) * value_deg * Math.PI) / 180);
    return arc(own("ankle"), neutral, foot, 0.85 * length(foot), 1.05 * length(foot), 1.05 * length(foot));
  },
  trunk_lean: trunk,
  trunk_side_lean: trunk,
};

function trunk(_own, point) {
  const hips = middle(point("left_hip"), point("right_hip"));
  const spine = minus(middle(point("left_shoulder"), point("right_shoulder")), hips);
  return arc(hips, UP, spine, 0.75 * length(spine), length(spine), length(spine));
}

/** @returns {Arc} */
function arc(apex, reference, body, radius, line, bodyLine = 0) {
  return { apex, reference: unit(reference), body: unit(body), radius, line, bodyLine };
}
