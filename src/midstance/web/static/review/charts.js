// Angles over the stride: every stride, mean and usual range by the chart library; the moment shown, on a canvas above.

import { make, setText } from "../lib/dom.js";
import { PERCENTS, meanAndSd, rangeOf, strideCurve } from "../lib/curves.js";
import { quantity } from "../lib/format.js";
import { SIDES, percentOf, strideAt, timeAt } from "../lib/phase.js";
import { CONFIG, layout, placed } from "../lib/plotly.js";
import { DASH_OF, cleared, theme } from "../lib/theme.js";
import { interpolate } from "../lib/timebase.js";

export class StrideChart {
  #range = /** @type {[number, number]} */ ([-10, 10]);
  #colours = theme();

  /**
   * @param {any} Plotly
   * @param {import("../lib/model.js").View} view
   * @param {string} measure
   * @param {{title: string, unit: string, positive: string}} facts
   * @param {(time_s: number) => void} go
   */
  constructor(Plotly, view, measure, facts, go) {
    Object.assign(this, { Plotly, view, measure, facts });
    this.plot = make("div", { class: "plot", role: "img" });
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.values = { left: make("span", { class: "value left" }), right: make("span", { class: "value right" }) };
    const title = make(
      "h3",
      {},
      facts.title,
      facts.positive && make("span", { class: "hint" }, ` + ${facts.positive}`),
    );
    const head = make("header", {}, title, make("span", { class: "values" }, this.values.left, this.values.right));
    this.element = make(
      "article",
      { class: "chart", "data-measure": measure, "data-view": view.name },
      head,
      make("div", { class: "chart_box" }, this.plot, this.canvas),
    );
    this.go = go;
  }

  /** Draw for the first time; the element must be in the page, which gives it its size. */
  async begin() {
    await this.draw();
    this.plot.on("plotly_click", ({ points }) => this.#clicked(points[0]));
  }

  /** Take over data that were computed again. @param {import("../lib/model.js").View} view */
  renew(view) {
    this.view = view;
    return this.draw();
  }

  draw() {
    this.#colours = theme();
    const sides = SIDES.filter((side) => this.view.series.of(this.measure, side));
    const curves = Object.fromEntries(sides.map((side) => [side, this.#curves(side)]));
    const bands = this.view.bands.filter((band) => band.measure === this.measure);
    this.#range = rangeOf(
      [
        ...sides.flatMap((s) => curves[s].flatMap((c) => c.values)),
        ...bands.flatMap((b) => [...b.low, ...b.high]),
      ].filter(Number.isFinite),
    );
    const traces = [...this.#band(bands), ...sides.flatMap((side) => this.#traces(side, curves[side]))];
    this.plot.setAttribute("aria-label", this.#words(sides, curves));
    return this.Plotly.react(this.plot, traces, layout(this.#colours, this.#range), CONFIG);
  }

  /** Show where in the stride a moment is. @param {number} time_s */
  mark(time_s) {
    const size = cleared(this.canvas);
    if (!size) return;
    for (const side of SIDES) {
      const values = this.view.series.of(this.measure, side);
      const value = values ? interpolate(this.view.series.time_s, values, time_s) : NaN;
      setText(this.values[side], values ? `${side === "left" ? "L" : "R"} ${quantity(value, this.facts.unit)}` : "");
      const stride = values && strideAt(this.view.strides, side, time_s);
      if (stride) this.#markSide(size, side, stride, percentOf(stride, time_s), value);
    }
  }

  #markSide({ context, width, height }, side, stride, percent, value) {
    const at = placed({ width, height }, this.#range);
    const { series } = this.view;
    const curve = strideCurve(series.time_s, series.of(this.measure, side), stride);
    context.strokeStyle = context.fillStyle = this.#colours[side];
    context.setLineDash(DASH_OF[side]);
    context.lineWidth = 2;
    context.beginPath();
    curve.forEach((v, i) => Number.isFinite(v) && context.lineTo(at.x(i), at.y(v)));
    context.stroke();
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(at.x(percent), at.top);
    context.lineTo(at.x(percent), at.bottom);
    context.stroke();
    if (Number.isFinite(value)) dot(context, side, at.x(percent), at.y(value), this.#colours.paper);
  }

  #curves(side) {
    const values = this.view.series.of(this.measure, side);
    const strides = this.view.strides.filter((s) => s.side === side && s.valid && Number.isFinite(s.next_contact_s));
    return strides.map((stride) => ({ stride, values: strideCurve(this.view.series.time_s, values, stride) }));
  }

  #band(bands) {
    if (!bands.length) return [];
    const [{ low, high }] = bands;
    const line = { width: 0 };
    const still = { hoverinfo: "skip", mode: "lines", line };
    return [
      { ...still, x: PERCENTS, y: low },
      { ...still, x: PERCENTS, y: high, fill: "tonexty", fillcolor: this.#colours.norm },
    ];
  }

  #traces(side, curves) {
    const colour = this.#colours[side];
    const gap = (list) => list.flatMap((part) => [...part, null]);
    const { mean } = meanAndSd(curves.map((c) => c.values));
    return [
      {
        x: gap(curves.map(() => PERCENTS)),
        y: gap(curves.map((c) => c.values.map((v) => (Number.isFinite(v) ? v : null)))),
        customdata: gap(curves.map((c) => PERCENTS.map(() => [side, c.stride.number]))),
        mode: "lines",
        opacity: 0.28,
        line: { color: colour, width: 1 },
        hovertemplate: `${side} stride %{customdata[1]}<br>%{x:.0f} %: %{y:.1f}°<extra></extra>`,
      },
      {
        x: PERCENTS,
        y: mean,
        mode: "lines",
        opacity: 0.5,
        line: { color: colour, width: 5, dash: side === "right" ? "dash" : "solid" },
        hoverinfo: "skip",
      },
    ];
  }

  #clicked(point) {
    const [side, number] = point.customdata ?? [];
    const stride = this.view.strides.find((s) => s.side === side && s.number === number);
    if (stride) this.go(timeAt(stride, point.x));
  }

  #words(sides, curves) {
    const parts = sides.map((side) => {
      const { mean } = meanAndSd(curves[side].map((c) => c.values));
      const known = mean.filter(Number.isFinite);
      if (!known.length) return `${side}: no stride that counts`;
      return `${side}: ${curves[side].length} strides, mean from ${quantity(Math.min(...known), "deg")} to ${quantity(Math.max(...known), "deg")}`;
    });
    return `${this.facts.title} over the stride. ${parts.join("; ")}.`;
  }
}

/** Round for left, square for right. */
function dot(context, side, x, y, paper) {
  context.setLineDash([]);
  context.beginPath();
  if (side === "left") context.arc(x, y, 5, 0, 2 * Math.PI);
  else context.rect(x - 4.5, y - 4.5, 9, 9);
  context.fill();
  context.strokeStyle = paper;
  context.lineWidth = 1.5;
  context.stroke();
}
