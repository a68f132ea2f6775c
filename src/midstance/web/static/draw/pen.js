// Strokes that show on any picture: each has a dark halo. All lengths are in pixels of the clip.

import { isSeen } from "../lib/geometry.js";

/** @typedef {import("../lib/geometry.js").Point} Point */

/** The sides on a picture: a light blue and an orange, told apart with any colour vision. */
export const SIDE_COLOUR = { left: "#4db2ff", right: "#ff9a3c" };
export const HALO = "#121418";
export const INK = "#f5f5f5";
export const FAINT = "#b4bac0";

/** Draws on a canvas whose unit is one pixel of the clip. */
export class Pen {
  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} unit  Length that everything is drawn by, in pixels of the clip.
   */
  constructor(context, unit) {
    this.context = context;
    this.unit = unit;
  }

  /**
   * A line through points; parts that are not seen are left out.
   * @param {Point[]} points
   * @param {string} colour
   * @param {{width?: number, dash?: number[], closed?: boolean, fill?: string, opacity?: number}} [how]
   */
  path(points, colour, { width = 0.3, dash = [], closed = false, fill = "", opacity = 1 } = {}) {
    const { context, unit } = this;
    context.save();
    context.globalAlpha = opacity;
    context.lineCap = dash.length ? "butt" : "round";
    context.lineJoin = "round";
    this.#trace(points, closed);
    if (fill) this.#paint(fill);
    context.setLineDash(dash.map((d) => d * unit));
    context.strokeStyle = HALO;
    context.lineWidth = (width + 0.16) * unit;
    context.stroke();
    context.strokeStyle = colour;
    context.lineWidth = width * unit;
    context.stroke();
    context.restore();
  }

  /**
   * A joint: a disc for the left side, a square for the right.
   * @param {Point} at
   * @param {"left" | "right"} side
   * @param {number} radius  In units.
   * @param {number} [opacity]
   */
  joint(at, side, radius, opacity = 1) {
    if (!isSeen(at)) return;
    const { context, unit } = this;
    const r = radius * unit;
    context.save();
    context.globalAlpha = opacity;
    context.beginPath();
    if (side === "left") context.arc(at[0], at[1], r, 0, 2 * Math.PI);
    else context.rect(at[0] - 0.9 * r, at[1] - 0.9 * r, 1.8 * r, 1.8 * r);
    context.fillStyle = SIDE_COLOUR[side];
    context.strokeStyle = HALO;
    context.lineWidth = 0.14 * unit;
    context.fill();
    context.stroke();
    context.restore();
  }

  /**
   * A filled shape.
   * @param {Point[]} corners
   * @param {string} colour
   * @param {number} [opacity]
   */
  shape(corners, colour, opacity = 1) {
    this.context.save();
    this.context.globalAlpha = opacity;
    this.#trace(corners, true);
    this.#paint(colour);
    this.context.restore();
  }

  /**
   * Text on a dark plate.
   * @param {string} text
   * @param {Point} at  Its middle.
   * @param {{size?: number, colour?: string, plate?: string}} [how]
   */
  label(text, at, { size = 1, colour = INK, plate = HALO } = {}) {
    if (!isSeen(at) || !text) return;
    const { context, unit } = this;
    const height = size * unit;
    context.save();
    context.font = `600 ${height}px system-ui, "Liberation Sans", Arial, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const width = context.measureText(text).width + 0.5 * height;
    context.globalAlpha = 0.78;
    context.fillStyle = plate;
    context.beginPath();
    context.roundRect(at[0] - width / 2, at[1] - 0.65 * height, width, 1.3 * height, 0.25 * height);
    context.fill();
    context.globalAlpha = 1;
    context.fillStyle = colour;
    context.fillText(text, at[0], at[1] + 0.05 * height);
    context.restore();
  }

  #paint(colour) {
    this.context.fillStyle = colour;
    this.context.fill();
  }

  #trace(points, closed) {
    const { context } = this;
    context.beginPath();
    let down = false;
    for (const point of points) {
      if (!isSeen(point)) down = false;
      else if (down) context.lineTo(point[0], point[1]);
      else {
        context.moveTo(point[0], point[1]);
        down = true;
      }
    }
    if (closed && down) context.closePath();
  }
}
