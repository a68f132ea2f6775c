// Mean curves of two sessions over the stride, both legs: thin and dotted before, thick after.

import { make } from "../lib/dom.js";
import { PERCENTS, meanAndSd, rangeOf, strideCurve } from "../lib/curves.js";
import { SIDES } from "../lib/phase.js";
import { CONFIG, layout } from "../lib/plotly.js";
import { theme } from "../lib/theme.js";

const LINES = [
  { name: "before", width: 1.6, opacity: 0.6 },
  { name: "after", width: 3.2, opacity: 1 },
];

export class MeanChart {
  /**
   * @param {any} Plotly
   * @param {import("../lib/model.js").View[]} views  Before and after.
   * @param {string} measure
   * @param {{title: string, positive: string}} facts
   */
  constructor(Plotly, views, measure, facts) {
    Object.assign(this, { Plotly, views, measure, facts });
    this.plot = make("div", {
      class: "plot",
      role: "img",
      "aria-label": `${facts.title}: mean curves before and after. The table above gives the numbers.`,
    });
    const title = make(
      "h3",
      {},
      facts.title,
      facts.positive && make("span", { class: "hint" }, ` + ${facts.positive}`),
    );
    this.element = make(
      "article",
      { class: "chart", "data-measure": measure },
      make("header", {}, title),
      make("div", { class: "chart_box" }, this.plot),
    );
  }

  draw() {
    const colours = theme();
    const lines = this.views.flatMap((view, i) =>
      SIDES.map((side) => ({ ...LINES[i], side, mean: this.#mean(view, side) })),
    );
    const traces = lines.map(({ name, width, opacity, side, mean }) => ({
      x: PERCENTS,
      y: mean,
      mode: "lines",
      opacity,
      line: { color: colours[side], width, dash: side === "right" ? "dash" : "solid" },
      hovertemplate: `${side} ${name}<br>%{x:.0f} %: %{y:.1f}°<extra></extra>`,
    }));
    const range = rangeOf(lines.flatMap((l) => l.mean).filter(Number.isFinite));
    return this.Plotly.react(this.plot, traces, layout(colours, range), CONFIG);
  }

  #mean(view, side) {
    const values = view.series.of(this.measure, side);
    if (!values) return [];
    const strides = view.strides.filter((s) => s.side === side && s.valid && Number.isFinite(s.next_contact_s));
    return meanAndSd(strides.map((s) => strideCurve(view.series.time_s, values, s))).mean;
  }
}
