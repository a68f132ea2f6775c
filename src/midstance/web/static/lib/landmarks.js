// The landmarks of one view, found by name. Left and right are the runner's.

import { indexAt } from "./timebase.js";

/** Landmarks over the time of a clip, in its pixels. */
export class Landmarks {
  #index;

  /**
   * @param {string[]} names  In the order in which their coordinates stand.
   * @param {ArrayLike<number>} time_s  Increasing.
   * @param {ArrayLike<number>} xy_px  A pair for each name, at each time; NaN = not seen.
   */
  constructor(names, time_s, xy_px) {
    this.#index = new Map(names.map((name, i) => [name, i]));
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
    return this.xy_px[2 * (this.#index.size * i + this.#index.get(name)) + axis];
  }
}
