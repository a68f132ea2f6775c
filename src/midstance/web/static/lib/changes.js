// What an edit changed: the medians and the values of strides, before and after.

import { number } from "./format.js";

/** @typedef {{key: string, before: number, after: number, unit: string, row: any}} Change */

/** @param {any} row */
export const summaryKey = (row) => [row.view, row.side, row.measure, row.instant].join("|");
/** @param {any} value @param {string} view */
export const valueKey = (value, view) => [view, value.side, value.stride, value.measure, value.instant].join("|");

/**
 * Rows whose printed number differs; those that are new or gone count too.
 * @param {any[]} before
 * @param {any[]} after
 * @param {(row: any) => string} keyOf
 * @param {string} field
 * @returns {Change[]}
 */
export function changes(before, after, keyOf, field) {
  const old = new Map(before.map((row) => [keyOf(row), row]));
  const found = after.map((row) => {
    const was = old.get(keyOf(row));
    return { key: keyOf(row), before: was?.[field] ?? NaN, after: row[field] ?? NaN, unit: row.unit, row };
  });
  return found.filter((c) => number(c.before, c.unit) !== number(c.after, c.unit));
}

/**
 * The largest changes first, as a share of the value's own size.
 * @param {Change[]} found
 */
export function byWeight(found) {
  const weight = ({ before, after }) => Math.abs(after - before) / Math.max(Math.abs(before), Math.abs(after), 1e-9);
  return [...found].sort((a, b) => (weight(b) || 0) - (weight(a) || 0));
}
