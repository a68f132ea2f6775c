// Sentences of the review.

import { DASH, instantWords, number, quantity, signed } from "../lib/format.js";

/** @param {string} measure @param {Record<string, any>} measures */
export const titleOf = (measure, measures) => measures[measure]?.title ?? measure.replaceAll("_", " ");

/**
 * A median before and after an edit.
 * @param {import("../lib/changes.js").Change} change
 * @param {Record<string, any>} measures
 */
export function byChangeWords({ before, after, unit, row }, measures) {
  const what = `${titleOf(row.measure, measures)}, ${row.side}, ${instantWords(row.instant)}`;
  const difference = signed(rounded(after, unit) - rounded(before, unit), unit); // what is printed must add up
  return `${what}: ${quantity(before, unit)} → ${quantity(after, unit)}${difference === DASH ? "" : ` (${difference})`}`;
}

const rounded = (value, unit) => Number(number(value, unit).replace("−", "-"));

/** A view by its name. @param {string} name */
export function viewWords(name) {
  const [kind, side] = name.split("_");
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} view${side ? ` (${side})` : ""}`;
}

/** Where a value lies against the usual range. */
export const POSITIONS = { low: "below usual", usual: "usual", high: "above usual", unknown: "no usual range known" };
