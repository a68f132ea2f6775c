// Angles as they lie in the picture. Points are [x, y] in pixels, y down.

/** @typedef {[number, number]} Point */

/** @param {Point} p */
export const isSeen = (p) => Number.isFinite(p[0]) && Number.isFinite(p[1]);

/** @param {Point} a @param {Point} b @returns {Point} */
export const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];

/** @param {Point} a @param {Point} b @returns {Point} */
export const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** @param {Point} v */
export const length = (v) => Math.hypot(v[0], v[1]);

/** The direction of a vector; NaN for one without length. @param {Point} v @returns {Point} */
export const unit = (v) => [v[0] / (length(v) || NaN), v[1] / (length(v) || NaN)];

/** From a point along a direction. @param {Point} p @param {Point} v @param {number} by @returns {Point} */
export const along = (p, v, by) => [p[0] + by * v[0], p[1] + by * v[1]];

/** Clockwise in the picture. @param {Point} v @param {number} angle_rad @returns {Point} */
export function turned(v, angle_rad) {
  const [cos, sin] = [Math.cos(angle_rad), Math.sin(angle_rad)];
  return [cos * v[0] - sin * v[1], sin * v[0] + cos * v[1]];
}

/**
 * From one direction to another, the short way; positive = clockwise in the picture.
 * @param {Point} from
 * @param {Point} to
 */
export const turn = (from, to) => Math.atan2(from[0] * to[1] - from[1] * to[0], from[0] * to[0] + from[1] * to[1]);

/**
 * Slope of the line through two points of the picture; positive = its right side is low.
 * @param {Point} a
 * @param {Point} b
 */
export function slope_deg(a, b) {
  const [left, right] = a[0] <= b[0] ? [a, b] : [b, a];
  return (Math.atan2(right[1] - left[1], right[0] - left[0]) * 180) / Math.PI;
}
