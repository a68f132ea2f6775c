// Numbers and times as a reader sees them. The words follow `midstance.report.words`.

/** Stands where there is no number. */
export const DASH = "–";

const DECIMALS = { deg: 1, s: 3, m: 3, "%": 1, "steps/min": 1, px: 0 };
const UNIT_WORDS = { deg: "degrees", px: "pixels" };

/**
 * A value rounded as its unit deserves, with a true minus sign; a dash where there is none.
 * @param {number | null | undefined} value
 * @param {string} [unit]
 * @returns {string}
 */
export function number(value, unit = "") {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  const text = value.toFixed(DECIMALS[unit] ?? 2);
  return /[1-9]/.test(text) ? text.replace("-", "−") : text.replace("-", "");
}

/**
 * A printed number with its unit.
 * @param {number | null | undefined} value
 * @param {string} unit
 */
export function quantity(value, unit) {
  const text = number(value, unit);
  if (text === DASH || !unit) return text;
  return unit === "deg" ? `${text}°` : `${text} ${UNIT_WORDS[unit] ?? unit}`;
}

/**
 * A difference with its sign and unit.
 * @param {number | null | undefined} value
 * @param {string} unit
 */
export function signed(value, unit) {
  const text = quantity(value, unit);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/**
 * Median ± SD with the unit once.
 * @param {number | null | undefined} median
 * @param {number | null | undefined} sd
 * @param {string} unit
 */
export function withSd(median, sd, unit) {
  if (number(sd, unit) === DASH) return quantity(median, unit);
  const tail = unit === "deg" ? "°" : unit ? ` ${UNIT_WORDS[unit] ?? unit}` : "";
  return `${number(median, unit)} ± ${number(sd, unit)}${tail}`;
}

/**
 * A whole number of degrees for a label on the picture; empty where there is none.
 * @param {number | null | undefined} value
 */
export function wholeDegrees(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "";
  return `${String(Math.round(value) || 0).replace("-", "−")}°`;
}

/**
 * A time of the clip, such as `4.217 s`.
 * @param {number} time_s
 */
export const seconds = (time_s) => quantity(time_s, "s");

/**
 * How long something still takes, in words.
 * @param {number | null | undefined} left_s
 */
export function timeLeft(left_s) {
  if (left_s === null || left_s === undefined || !Number.isFinite(left_s)) return "";
  return left_s < 90 ? `about ${Math.round(left_s)} s left` : `about ${Math.round(left_s / 60)} min left`;
}

/**
 * The size of a file in words.
 * @param {number} bytes
 */
export function fileSize(bytes) {
  return bytes >= 1e5 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(bytes / 1e3, 0.1).toFixed(1)} kB`;
}

/**
 * An instant of the stride in words.
 * @param {string} instant
 */
export function instantWords(instant) {
  return { stride: "whole stride", toe_off: "toe-off" }[instant] ?? instant.replaceAll("_", " ");
}

/**
 * A name with its first letter large.
 * @param {string} text
 */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
