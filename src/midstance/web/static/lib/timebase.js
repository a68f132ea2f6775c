// From real time to frames and to the time of the file. Times come from the clip's own timestamps, never from a rate.

/**
 * @typedef {object} Timebase
 * @property {Float64Array} real_s  Real time of every frame: slow motion is undone.
 * @property {Float64Array} media_s  Time of every frame as a player counts it.
 */

/**
 * The last index whose time is not after the given one; 0 before the first.
 * @param {ArrayLike<number>} times  Increasing.
 * @param {number} time
 */
export function indexAt(times, time) {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The index whose time is nearest.
 * @param {ArrayLike<number>} times  Increasing, not empty.
 * @param {number} time
 */
export function nearestIndex(times, time) {
  const below = indexAt(times, time);
  const above = Math.min(below + 1, times.length - 1);
  return times[above] - time < time - times[below] ? above : below;
}

/**
 * The value at a time, on straight lines between samples; held at both ends.
 * @param {ArrayLike<number>} times
 * @param {ArrayLike<number>} values
 * @param {number} time
 */
export function interpolate(times, values, time) {
  const i = indexAt(times, time);
  if (i >= times.length - 1 || time <= times[0]) return values[time <= times[0] ? 0 : i];
  const share = (time - times[i]) / (times[i + 1] - times[i]);
  return share === 0 ? values[i] : values[i] * (1 - share) + values[i + 1] * share;
}

/**
 * Where to seek so that a frame is shown: in the middle of it, clear of both its edges.
 * @param {Timebase} base
 * @param {number} frame
 */
export function seekTarget(base, frame) {
  const { media_s } = base;
  const last = media_s.length - 1;
  const i = Math.min(Math.max(frame, 0), last);
  const length = i < last ? media_s[i + 1] - media_s[i] : media_s[i] - media_s[Math.max(i - 1, 0)];
  return media_s[i] + Math.min(length || 0, 0.05) / 2;
}

/**
 * Real time that a time of the player stands for.
 * @param {Timebase} base
 * @param {number} media_s
 */
export const toReal = (base, media_s) => interpolate(base.media_s, base.real_s, media_s);

/**
 * Seconds of the file that one real second takes: 8 for a clip of 240 frames/s that plays at 30.
 * @param {Timebase} base
 */
export function stretch(base) {
  const last = base.real_s.length - 1;
  const real = base.real_s[last] - base.real_s[0];
  return last > 0 && real > 0 ? (base.media_s[last] - base.media_s[0]) / real : 1;
}

/**
 * The frame some frames on, inside the clip.
 * @param {Timebase} base
 * @param {number} time_s  Real.
 * @param {number} frames
 * @returns {number} Its real time.
 */
export function step(base, time_s, frames) {
  const i = nearestIndex(base.real_s, time_s) + frames;
  return base.real_s[Math.min(Math.max(i, 0), base.real_s.length - 1)];
}

/**
 * The time of the first frame that is not before a time: on it an event of that time has happened.
 * @param {Timebase} base
 * @param {number} time_s
 */
export function frameFrom({ real_s }, time_s) {
  const i = nearestIndex(real_s, time_s);
  return real_s[real_s[i] < time_s - 1e-6 ? Math.min(i + 1, real_s.length - 1) : i];
}

/**
 * A playback rate that browsers take.
 * @param {number} rate
 */
export const playable = (rate) => Math.min(Math.max(rate, 0.0625), 16);
