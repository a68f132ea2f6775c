// The skeleton: legs in the colours and shapes of their sides, the far leg fainter, trunk and arms in the background.

import { middle } from "../lib/geometry.js";
import { SIDES, onGround } from "../lib/phase.js";
import { FAINT, SIDE_COLOUR } from "./pen.js";

const NEAR = { opacity: 1, width: 0.34, joint: 0.4 };
const FAR = { opacity: 0.6, width: 0.22, joint: 0.28 };

/**
 * @param {import("./pen.js").Pen} pen
 * @param {import("../lib/model.js").View} view
 * @param {(name: string) => import("../lib/geometry.js").Point} point
 * @param {number} time_s
 */
export function drawSkeleton(pen, view, point, time_s) {
  for (const points of bodyPaths(view.near_side, point)) pen.path(points, FAINT, { width: 0.16, opacity: 0.7 });
  const near = view.near_side;
  const order = near ? [near === "left" ? "right" : "left", near] : SIDES;
  for (const side of order) drawLeg(pen, view, point, side, time_s, near && near !== side ? FAR : NEAR);
}

/** Trunk and arms: from the side one line for the trunk and the near arm, else all of them. */
function bodyPaths(near, point) {
  const arm = (side) => ["shoulder", "elbow", "wrist"].map((joint) => point(`${side}_${joint}`));
  if (near) {
    const trunk = ["hip", "shoulder"].map((joint) => middle(point(`left_${joint}`), point(`right_${joint}`)));
    return [trunk, arm(near)];
  }
  const corners = ["left_shoulder", "right_shoulder", "right_hip", "left_hip", "left_shoulder"];
  return [corners.map(point), ...SIDES.map(arm)];
}

function drawLeg(pen, view, point, side, time_s, { opacity, width, joint }) {
  const [hip, knee, ankle, heel, toe] = ["hip", "knee", "ankle", "heel", "foot_index"].map((j) =>
    point(`${side}_${j}`),
  );
  const colour = SIDE_COLOUR[side];
  if (onGround(view.strides, side, time_s)) pen.shape([ankle, heel, toe], colour, 0.55 * opacity);
  pen.path([ankle, heel, toe], colour, { width: 0.8 * width, closed: true, opacity });
  pen.path([hip, knee, ankle], colour, { width, opacity });
  for (const at of [hip, knee, ankle]) pen.joint(at, side, joint, opacity);
}
