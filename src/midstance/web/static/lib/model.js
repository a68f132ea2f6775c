// What the server tells of a session, made ready for drawing: missing numbers are NaN, times are typed arrays.

import { ask, getJson } from "./api.js";
import { Landmarks } from "./landmarks.js";

/**
 * @typedef {object} View
 * @property {string} name
 * @property {string} title
 * @property {"side" | "front" | "rear"} view
 * @property {string | null} video
 * @property {number} width_px
 * @property {number} height_px
 * @property {string} facing
 * @property {"left" | "right" | null} near_side
 * @property {number | null} tilt_deg
 * @property {import("./timebase.js").Timebase} base
 * @property {Landmarks} landmarks
 * @property {Series} series
 * @property {Bands[]} bands
 * @property {(import("./phase.js").Stride & {edited: string[], excluded_by_hand: boolean, near: boolean})[]} strides
 * @property {any[]} values
 * @property {any[]} notes
 * @property {any} markers
 * @property {[number, number, number][] | null} heads  x, y and radius in every frame; null without a video.
 * @property {number[]} frame_number  Of every frame in the file.
 *
 * @typedef {{measure: string, low: number[], high: number[], source: string}} Bands
 * @typedef {{session: any, views: View[], measures: Record<string, any>, summary: any[], findings: any[], chain: any[], edits: any}} Review
 */

const orNaN = (value) => value ?? NaN;

/** Continuous angles of a view, by measure and side. */
export class Series {
  #curves = new Map();

  /** @param {{time_s: number[], curves: {measure: string, side: string, unit: string, values: (number | null)[]}[]}} told */
  constructor({ time_s, curves }) {
    this.time_s = Float64Array.from(time_s);
    for (const c of curves) this.#curves.set(`${c.measure}|${c.side}`, Float64Array.from(c.values, orNaN));
  }

  /** Values at `time_s`; undefined for a measure that the view has not. @param {string} measure @param {string} side */
  of(measure, side) {
    return this.#curves.get(`${measure}|${side}`);
  }

  /** The measures there are, in their order. */
  get measures() {
    return [...new Set([...this.#curves.keys()].map((key) => key.split("|")[0]))];
  }
}

/**
 * Fetch what belongs to a review: landmarks, continuous angles, usual ranges.
 * @param {any} told  The JSON of a review.
 * @returns {Promise<Review>}
 */
export async function loadReview(told) {
  return { ...told, views: await Promise.all(told.views.map(loadView)) };
}

/** @returns {Promise<View>} */
async function loadView(view) {
  const [bytes, series, curves] = await Promise.all([
    ask(view.landmarks.url).then((answer) => answer.arrayBuffer()),
    getJson(view.series_url),
    getJson(view.curves_url),
  ]);
  const real_s = Float64Array.from(view.frame_time_s);
  const base = { real_s, media_s: view.media_time_s ? Float64Array.from(view.media_time_s) : real_s };
  return {
    ...view,
    ...sizeOf(view, bytes),
    base,
    landmarks: new Landmarks(view.landmarks.names, base.real_s, coordinates(bytes)),
    series: new Series(series),
    bands: curves.bands,
    strides: view.strides.map(strideOf),
    values: view.values.map((v) => ({ ...v, value: orNaN(v.value) })),
    markers: markersOf(view),
  };
}

/** The markers with the path of each by its name, one place or null for every frame of the view. */
function markersOf({ markers, frame_number }) {
  if (!markers?.tracks || !Array.isArray(markers.tracks)) return markers;
  const at = new Map(markers.frames.map((frame, i) => [frame, i]));
  const seen = (place) => (place && place[0] !== null && place[1] !== null ? place : null);
  const path = (k) => frame_number.map((frame) => seen(markers.tracks[at.get(frame)]?.[k]));
  const names = Object.keys(markers.points);
  return {
    ...markers,
    tracks: Object.fromEntries(names.map((name, k) => [name, path(k)])),
    lost_share: Math.max(...markers.lost_share),
  };
}

const strideOf = (stride) => ({
  ...stride,
  next_contact_s: orNaN(stride.next_contact_s),
  midstance_s: orNaN(stride.midstance_s),
  toe_off_s: orNaN(stride.toe_off_s),
  edited: editedEvents(stride.edited),
});

/** Which events of a stride were set by hand; the server says it in words or as a list. */
function editedEvents(told) {
  if (!told || Array.isArray(told)) return told ?? [];
  const names = { initial_contact: /contact/, toe_off: /toe-off/ };
  return Object.keys(names).filter((name) => names[name].test(told));
}

/** Without the visibility, which is every third number. */
function coordinates(bytes) {
  const all = new Float32Array(bytes);
  const xy = new Float32Array((2 * all.length) / 3);
  for (let i = 0; i < all.length / 3; i += 1) {
    xy[2 * i] = all[3 * i];
    xy[2 * i + 1] = all[3 * i + 1];
  }
  return xy;
}

/** The picture; where only landmarks were given, a frame around them all. */
function sizeOf({ width_px, height_px }, bytes) {
  if (width_px && height_px) return { width_px, height_px };
  const xy = coordinates(bytes);
  let [right, bottom] = [1, 1];
  for (let i = 0; i < xy.length; i += 2) {
    if (xy[i] > right) right = xy[i];
    if (xy[i + 1] > bottom) bottom = xy[i + 1];
  }
  return { width_px: Math.ceil(1.1 * right), height_px: Math.ceil(1.06 * bottom) };
}
