// Curves over the stride, from the continuous ones.

import { timeAt } from "./phase.js";
import { interpolate } from "./timebase.js";

/** Points of a curve over the stride: 0, 1 .. 100 %. */
export const PERCENTS = Array.from({ length: 101 }, (_, i) => i);

/**
 * One measure over one stride.
 * @param {ArrayLike<number>} times
 * @param {ArrayLike<number>} values  NaN where not seen.
 * @param {import("./phase.js").Stride} stride
 */
export const strideCurve = (times, values, stride) =>
  PERCENTS.map((percent) => interpolate(times, values, timeAt(stride, percent)));

/**
 * Mean and standard deviation at every percent, over the curves that have a value there.
 * @param {number[][]} curves
 */
export function meanAndSd(curves) {
  const columns = PERCENTS.map((i) => curves.map((c) => c[i]).filter(Number.isFinite));
  const mean = columns.map((c) => (c.length ? c.reduce((a, b) => a + b, 0) / c.length : NaN));
  const sd = columns.map((c, i) =>
    c.length > 1 ? Math.sqrt(c.reduce((a, b) => a + (b - mean[i]) ** 2, 0) / (c.length - 1)) : NaN,
  );
  return { mean, sd };
}

/**
 * Least and greatest of all finite numbers, with room around; a span of 20 when there are none.
 * @param {Iterable<number>} values
 * @returns {[number, number]}
 */
export function rangeOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [-10, 10];
  const room = Math.max((high - low) * 0.08, 1);
  return [low - room, high + room];
}

/**
 * Round numbers for the marks of an axis.
 * @param {number} low
 * @param {number} high
 * @param {number} [wanted]
 */
export function ticks(low, high, wanted = 4) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough) ?? rough;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}
