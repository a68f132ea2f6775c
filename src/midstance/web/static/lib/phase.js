// Where in the stride a moment is, and where the same phase lies in another clip.

/**
 * @typedef {"left" | "right"} Side
 * @typedef {object} Stride
 * @property {Side} side
 * @property {number} number
 * @property {number} initial_contact_s
 * @property {number} midstance_s
 * @property {number} toe_off_s
 * @property {number} next_contact_s  NaN when the clip ends before it.
 * @property {boolean} valid
 * @property {string} reason
 */

/** @type {Side[]} */
export const SIDES = ["left", "right"];

/**
 * Strides that have an end.
 * @param {Stride[]} strides
 * @param {Side} side
 */
export const whole = (strides, side) => strides.filter((s) => s.side === side && Number.isFinite(s.next_contact_s));

/**
 * Percent of a stride at a time.
 * @param {Stride} stride
 * @param {number} time_s
 */
export const percentOf = (stride, time_s) =>
  (100 * (time_s - stride.initial_contact_s)) / (stride.next_contact_s - stride.initial_contact_s);

/**
 * Time at a percent of a stride.
 * @param {Stride} stride
 * @param {number} percent
 */
export const timeAt = (stride, percent) =>
  stride.initial_contact_s + (percent / 100) * (stride.next_contact_s - stride.initial_contact_s);

/**
 * The stride of a side that a time lies in.
 * @param {Stride[]} strides
 * @param {Side} side
 * @param {number} time_s
 * @returns {Stride | null}
 */
export function strideAt(strides, side, time_s) {
  const found = whole(strides, side).find((s) => s.initial_contact_s <= time_s && time_s < s.next_contact_s);
  return found ?? null;
}

/**
 * Whether a foot is on the ground; null outside the known stances.
 * @param {Stride[]} strides
 * @param {Side} side
 * @param {number} time_s
 * @returns {boolean | null}
 */
export function onGround(strides, side, time_s) {
  const last = strides.filter((s) => s.side === side && s.initial_contact_s <= time_s).at(-1);
  if (!last) return null;
  if (time_s < last.toe_off_s) return true;
  return time_s < last.next_contact_s ? false : null;
}

/**
 * The time in another clip that shows the same phase. Strides go by their order; past its last one the other clip
 * starts over, so that both can play on.
 * @param {Stride[]} from
 * @param {Stride[]} to
 * @param {Side} side
 * @param {number} time_s
 * @returns {number | null} Null where either clip knows no stride then.
 */
export function samePhase(from, to, side, time_s) {
  const own = whole(from, side);
  const others = whole(to, side);
  const current = strideAt(from, side, time_s);
  if (!current || !others.length) return null;
  return timeAt(others[own.indexOf(current) % others.length], percentOf(current, time_s));
}

/**
 * How much later the second clip shows the first whole stride of a side.
 * @param {Stride[]} from
 * @param {Stride[]} to
 * @param {Side} side
 */
export function lag(from, to, side) {
  const [own, other] = [whole(from, side)[0], whole(to, side)[0]];
  return own && other ? other.initial_contact_s - own.initial_contact_s : 0;
}

/**
 * The next or the one before, of some increasing times.
 * @param {number[]} times
 * @param {number} time_s
 * @param {1 | -1} direction
 */
export function neighbour(times, time_s, direction) {
  const nearly = 1e-4;
  if (direction > 0) return times.find((t) => t > time_s + nearly) ?? null;
  return times.findLast((t) => t < time_s - nearly) ?? null;
}
