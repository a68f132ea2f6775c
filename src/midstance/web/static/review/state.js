// What the parts of the review share: the data, the moment shown, what is switched on.

/**
 * @typedef {object} Shared
 * @property {import("../lib/model.js").Review} review
 * @property {Set<string>} layers
 * @property {"review" | "correct" | "markers"} mode
 * @property {"left" | "right"} foot  Whose strides are stepped through.
 */

/** Values with listeners by name: `review`, `time`, `playing`, `mode`, `layers`, `view`, `foot`. */
export class State extends EventTarget {
  /** @param {import("../lib/model.js").Review} review */
  constructor(review) {
    super();
    this.review = review;
    this.layers = new Set();
    this.mode = "review";
    /** Name of the view that leads. */
    this.leading = review.views[0].name;
    this.foot = review.views[0].near_side ?? "left";
    /** Real time of the leading view. */
    this.time_s = 0;
  }

  /** The view that leads. */
  get view() {
    return this.review.views.find((v) => v.name === this.leading) ?? this.review.views[0];
  }

  /**
   * Set values and tell who listens.
   * @param {string} name
   * @param {Record<string, unknown>} values
   */
  set(name, values) {
    Object.assign(this, values);
    this.dispatchEvent(new Event(name));
  }

  /**
   * Call now and whenever one of the names is told.
   * @param {string} names  Apart by spaces.
   * @param {() => void} listener
   */
  on(names, listener) {
    for (const name of names.split(" ")) this.addEventListener(name, listener);
    listener();
  }
}
