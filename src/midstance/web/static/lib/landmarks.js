// The landmarks of one view, found by name. Left and right are the runner's.

import { indexAt } from "./timebase.js";

const FACE = [
  "nose",
  "left_eye_inner",
  "left_eye",
  "left_eye_outer",
  "right_eye_inner",
  "right_eye",
  "right_eye_outer",
  "left_ear",
  "right_ear",
  "mouth_left",
  "mouth_right",
];
const PAIRS = ["shoulder", "elbow", "wrist", "pinky", "index", "thumb", "hip", "knee", "ankle", "heel", "foot_index"];

/** The landmarks in the order in which their coordinates stand. */
export const NAMES = [...FACE, ...PAIRS.flatMap((joint) => [`left_${joint}`, `right_${joint}`])];

const INDEX = new Map(NAMES.map((name, i) => [name, i]));

/** Landmarks over the time of a clip, in its pixels. */
export class Landmarks {
  /**
   * @param {ArrayLike<number>} time_s  Increasing.
   * @param {ArrayLike<number>} xy_px  33 pairs for each time; NaN = not seen.
   */
  constructor(time_s, xy_px) {
    this.time_s = time_s;
    this.xy_px = xy_px;
  }

  /**
   * Where every landmark is at a time, between samples on a straight line.
   * @param {number} time_s
   * @returns {(name: string) => import("./geometry.js").Point}
   */
  at(time_s) {
    const i = indexAt(this.time_s, time_s);
    const next = Math.min(i + 1, this.time_s.length - 1);
    const span = this.time_s[next] - this.time_s[i];
    const share = span > 0 ? Math.min(Math.max((time_s - this.time_s[i]) / span, 0), 1) : 0;
    return (name) => [this.#mixed(i, next, share, name, 0), this.#mixed(i, next, share, name, 1)];
  }

  /**
   * One landmark from one time to another, at every sample.
   * @param {string} name
   * @param {number} from_s
   * @param {number} to_s
   * @returns {import("./geometry.js").Point[]}
   */
  path(name, from_s, to_s) {
    const points = [];
    for (let i = indexAt(this.time_s, Math.max(from_s, this.time_s[0])); i < this.time_s.length; i += 1) {
      if (this.time_s[i] > to_s) break;
      points.push([this.#value(i, name, 0), this.#value(i, name, 1)]);
    }
    return points;
  }

  #mixed(i, next, share, name, axis) {
    const here = this.#value(i, name, axis);
    return share === 0 ? here : here * (1 - share) + this.#value(next, name, axis) * share;
  }

  #value(i, name, axis) {
    return this.xy_px[2 * (33 * i + INDEX.get(name)) + axis];
  }
}
