// The chart library, which the page loads as a plain script.

import { Refused } from "./api.js";

/** @returns {Promise<any>} */
export async function plotly() {
  if (window.Plotly) return window.Plotly;
  await new Promise((done) => window.addEventListener("load", done, { once: true }));
  if (!window.Plotly) throw new Refused("The charts could not be loaded. Load the page again.", "charts");
  return window.Plotly;
}

/** Room around the curves, fixed so that a cursor drawn over the chart finds them. */
export const MARGIN = { l: 36, r: 16, t: 6, b: 26 };

/** @param {Record<string, string>} colours @param {[number, number]} range */
export function layout(colours, range) {
  const axis = {
    gridcolor: colours.line,
    zerolinecolor: colours.edge ?? colours.faint,
    fixedrange: true,
    ticks: "",
    automargin: false,
  };
  return {
    margin: { ...MARGIN, autoexpand: false },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, 'Liberation Sans', Arial, sans-serif", size: 12, color: colours.faint },
    showlegend: false,
    dragmode: false,
    hovermode: "closest",
    hoverdistance: 60, // a finger need not meet the line
    hoverlabel: { bgcolor: colours.paper, bordercolor: colours.faint, font: { color: colours.ink, size: 12 } },
    xaxis: { ...axis, range: [0, 100], tickvals: [0, 25, 50, 75, 100], ticktext: ["0", "25", "50", "75", "100"] },
    yaxis: { ...axis, range, nticks: 5, ticksuffix: "°" },
  };
}

export const CONFIG = {
  displayModeBar: false,
  responsive: true,
  doubleClick: false,
  scrollZoom: false,
  showTips: false,
};

/** Where a value lies on a chart of some size. @param {{width: number, height: number}} size @param {[number, number]} range */
export function placed({ width, height }, range) {
  const across = width - MARGIN.l - MARGIN.r;
  const down = height - MARGIN.t - MARGIN.b;
  return {
    x: (percent) => MARGIN.l + (across * percent) / 100,
    y: (value) => MARGIN.t + (down * (range[1] - value)) / (range[1] - range[0]),
    top: MARGIN.t,
    bottom: MARGIN.t + down,
  };
}
