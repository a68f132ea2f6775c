// The overlay of one moment, layer by layer, on the canvas over a clip.

import { SIDES, onGround } from "../lib/phase.js";
import { interpolate, nearestIndex } from "../lib/timebase.js";
import { SHOWN, arcOf, drawArc } from "./arcs.js";
import { drawFace } from "./face.js";
import { drawEvents, drawGround, drawMarkers, drawPaths, groundHeight } from "./marks.js";
import { Pen } from "./pen.js";
import { drawSkeleton } from "./skeleton.js";

const grounds = new WeakMap();

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("../lib/model.js").View} view
 * @param {number} time_s
 * @param {Set<string>} layers
 * @param {HTMLVideoElement | null} [video]  What the canvas lies over.
 */
export function paint(canvas, view, time_s, layers, video = null) {
  const context = fitted(canvas, view);
  if (!context) return;
  const pen = new Pen(context, unitOf(view));
  const point = view.landmarks.at(time_s);
  if (layers.has("face")) drawFace(pen, view, view.heads?.[nearestIndex(view.base.real_s, time_s)], video);
  if (layers.has("ground")) drawGround(pen, view, groundOf(view));
  if (layers.has("paths")) drawPaths(pen, view, time_s);
  if (layers.has("skeleton")) drawSkeleton(pen, view, point, time_s);
  if (layers.has("angles")) drawAngles(pen, view, point, time_s);
  if (layers.has("events")) drawEvents(pen, view, time_s);
  if (layers.has("markers")) drawMarkers(pen, markersAt(view, time_s));
}

/** The canvas at the screen's own resolution, its unit one pixel of the clip. */
function fitted(canvas, view) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return null;
  const density = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
  const context = canvas.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.scale(across / view.width_px, down / view.height_px);
  return context;
}

/** The length that strokes are drawn by: a share of the picture, so that they suit any size of clip. */
const unitOf = (view) => Math.hypot(view.width_px, view.height_px) / 75;

function groundOf(view) {
  if (!grounds.has(view)) grounds.set(view, groundHeight(view));
  return grounds.get(view);
}

/** Angles of the near leg from the side; from the front of the leg that carries the body: the other says nothing. */
function drawAngles(pen, view, point, time_s) {
  const standing = SIDES.filter((side) => onGround(view.strides, side, time_s));
  /** @type {import("../lib/geometry.js").Point[]} */
  const labels = [];
  for (const side of view.near_side ? [view.near_side] : standing) {
    for (const measure of SHOWN[view.view]) {
      const values = view.series.of(measure, side);
      const value_deg = values ? interpolate(view.series.time_s, values, time_s) : NaN;
      const arc = arcOf(measure, side, point, value_deg, view.facing);
      if (arc) drawArc(pen, arc, value_deg, labels);
    }
  }
}

function markersAt(view, time_s) {
  if (!view.markers?.tracks) return {};
  const frame = nearestIndex(view.base.real_s, time_s);
  const found = Object.entries(view.markers.tracks).map(([name, track]) => [name, track[frame]]);
  return Object.fromEntries(found.filter(([, at]) => at));
}
