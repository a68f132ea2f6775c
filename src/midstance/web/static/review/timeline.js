// The time around the moment shown: one angle of both legs, the stances with their contacts and toe-offs, the cursor.

import { byId, make } from "../lib/dom.js";
import { capital, seconds } from "../lib/format.js";
import { rangeOf, ticks } from "../lib/curves.js";
import { SIDES } from "../lib/phase.js";
import { DASH_OF, cleared, theme } from "../lib/theme.js";
import { indexAt } from "../lib/timebase.js";

/** Heights in CSS pixels, the same in the style sheet. */
const TRACE = 104;
const LANE = 34;
const AXIS = 20;
export const HEIGHT = TRACE + 2 * LANE + AXIS;

/** The middle of a side's lane. @param {"left" | "right"} side */
export const laneAt = (side) => TRACE + LANE * (SIDES.indexOf(side) + 0.5);

export class Timeline {
  #from_s = 0;
  #ranges = new WeakMap();
  #canvas = byId("trace");

  /**
   * @param {import("./deck.js").Deck} deck
   * @param {import("./state.js").State} state
   */
  constructor(deck, state) {
    Object.assign(this, { deck, state });
    /** Called after the window has moved. @type {() => void} */
    this.onMoved = () => {};
    this.held = false;
    this.#bindPointer();
    byId("curve").addEventListener("change", () => this.draw());
    byId("window").addEventListener("change", () => (this.#recentre(), this.draw()));
    byId("whole").addEventListener("input", (event) => (deck.pause(), deck.show(Number(event.target.value))));
    new ResizeObserver(() => this.draw()).observe(this.#canvas);
    state.on("view review", () => this.#renew());
    state.on("time", () => this.#moved());
  }

  /** First and last time in the window. */
  get span() {
    const { real_s } = this.state.view.base;
    const [first, last] = [real_s[0], real_s.at(-1)];
    const length = Number(byId("window").value) || last - first;
    const from = Math.max(Math.min(this.#from_s, last - length), first);
    return [from, Math.min(from + length, last)];
  }

  /** Share of the width at which a time lies. @param {number} time_s */
  share(time_s) {
    const [from, to] = this.span;
    return (time_s - from) / (to - from);
  }

  /** The time at a place on the page. @param {number} client_x */
  timeAtX(client_x) {
    const box = this.#canvas.getBoundingClientRect();
    const [from, to] = this.span;
    return from + ((client_x - box.left) / box.width) * (to - from);
  }

  draw() {
    const size = cleared(this.#canvas);
    if (!size) return;
    const pen = { ...size, colours: theme(), x: (time_s) => this.share(time_s) * size.width };
    this.#drawAxis(pen);
    for (const side of SIDES) this.#drawLane(pen, side);
    this.#drawCurves(pen);
    this.#drawCursor(pen);
    this.onMoved();
  }

  #renew() {
    const { view, review } = this.state;
    const select = byId("curve");
    const chosen = select.value;
    select.replaceChildren(
      ...view.series.measures.map((m) => make("option", { value: m }, review.measures[m]?.title ?? m)),
    );
    const wanted = view.series.measures.includes(chosen)
      ? chosen
      : view.view === "side"
        ? "knee_flexion"
        : "knee_valgus";
    if (view.series.measures.includes(wanted)) select.value = wanted;
    Object.assign(byId("whole"), { min: view.base.real_s[0], max: view.base.real_s.at(-1) });
    this.draw();
  }

  #moved() {
    const { time_s } = this.state;
    const share = this.share(time_s);
    if (!this.held && (share < 0 || share > 0.97)) this.#recentre();
    const whole = byId("whole");
    whole.value = String(time_s);
    whole.setAttribute("aria-valuetext", seconds(time_s));
    this.draw();
  }

  #recentre() {
    const length = Number(byId("window").value);
    this.#from_s = this.state.time_s - 0.2 * length;
  }

  #bindPointer() {
    const canvas = this.#canvas;
    const go = (event) => {
      this.deck.pause();
      this.deck.show(this.timeAtX(event.clientX));
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.held = true;
      go(event);
    });
    canvas.addEventListener("pointermove", (event) => canvas.hasPointerCapture(event.pointerId) && go(event));
    canvas.addEventListener("lostpointercapture", () => (this.held = false));
  }

  #drawAxis({ context, width, height, colours, x }) {
    const [from, to] = this.span;
    context.font = '12px system-ui, "Liberation Sans", Arial, sans-serif';
    context.fillStyle = colours.faint;
    context.strokeStyle = colours.line;
    context.textAlign = "center";
    for (const time_s of ticks(from, to, Math.max(3, width / 90))) {
      context.beginPath();
      context.moveTo(x(time_s), 0);
      context.lineTo(x(time_s), height - AXIS);
      context.stroke();
      const inside = Math.min(Math.max(x(time_s), 16), width - 18);
      context.fillText(`${Number(time_s.toFixed(2))} s`, inside, height - 6);
    }
  }

  #drawLane({ context, width, colours, x }, side) {
    const middle = laneAt(side);
    context.fillStyle = colours.panel;
    context.fillRect(0, middle - LANE / 2 + 2, width, LANE - 4);
    for (const stride of this.state.view.strides.filter((s) => s.side === side)) {
      const [from, to] = [x(stride.initial_contact_s), x(stride.toe_off_s)];
      if (to < 0 || from > width) continue;
      context.globalAlpha = stride.valid ? 1 : 0.35;
      context.fillStyle = colours[side];
      context.fillRect(from, middle - 8, to - from, 16);
      if (side === "right") hatch(context, from, middle - 8, to - from, 16, colours.paper);
      context.globalAlpha = 1;
      if (!stride.valid) crossOut(context, from, to, middle, colours.ink);
      if (stride.edited.length) star(context, (from + to) / 2, middle, colours);
    }
    context.font = '700 13px system-ui, "Liberation Sans", Arial, sans-serif';
    context.textAlign = "left";
    context.fillStyle = colours.ink;
    context.strokeStyle = colours.panel;
    context.lineWidth = 4;
    context.strokeText(capital(side), 6, middle + 5);
    context.fillText(capital(side), 6, middle + 5);
    context.lineWidth = 1;
  }

  #drawCurves({ context, width, colours, x }) {
    const { series } = this.state.view;
    const curves = SIDES.map((side) => [side, series.of(byId("curve").value, side)]).filter(([, values]) => values);
    const [low, high] = this.#rangeOf(curves);
    const y = (value) => 4 + ((TRACE - 10) * (high - value)) / (high - low);
    this.#drawScale({ context, width, colours }, y, low, high);
    const [from, to] = this.span;
    const [first, last] = [
      indexAt(series.time_s, from),
      Math.min(indexAt(series.time_s, to) + 1, series.time_s.length - 1),
    ];
    for (const [side, values] of curves) {
      context.strokeStyle = colours[side];
      context.lineWidth = 2;
      context.setLineDash(DASH_OF[side]);
      context.beginPath();
      let down = false;
      for (let i = first; i <= last; i += 1) {
        if (!Number.isFinite(values[i])) down = false;
        else if (down) context.lineTo(x(series.time_s[i]), y(values[i]));
        else {
          context.moveTo(x(series.time_s[i]), y(values[i]));
          down = true;
        }
      }
      context.stroke();
    }
    context.setLineDash([]);
    context.lineWidth = 1;
  }

  /** Found once for each set of curves: a long clip has many samples. */
  #rangeOf(curves) {
    const key = curves[0]?.[1];
    if (!key) return rangeOf([]);
    if (!this.#ranges.has(key)) {
      this.#ranges.set(key, rangeOf(curves.flatMap(([, values]) => [...values].filter(Number.isFinite))));
    }
    return this.#ranges.get(key);
  }

  #drawScale({ context, width, colours }, y, low, high) {
    context.textAlign = "right";
    context.font = '12px system-ui, "Liberation Sans", Arial, sans-serif';
    for (const value of ticks(low, high, 3)) {
      context.strokeStyle = colours.line;
      context.beginPath();
      context.moveTo(0, y(value));
      context.lineTo(width, y(value));
      context.stroke();
      context.fillStyle = colours.faint;
      context.fillText(`${String(value).replace("-", "−")}°`, width - 4, Math.max(y(value) - 3, 11));
    }
  }

  #drawCursor({ context, height, colours, x }) {
    const at = x(this.state.time_s);
    context.strokeStyle = colours.ink;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(at, 0);
    context.lineTo(at, height - AXIS);
    context.stroke();
    context.lineWidth = 1;
  }
}

/** The right side is hatched, so that it is told apart without its colour. */
function hatch(context, left, top, width, height, colour) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  for (let at = left - height; at < left + width; at += 8) {
    context.beginPath();
    context.moveTo(at, top + height);
    context.lineTo(at + height, top);
    context.stroke();
  }
  context.restore();
}

function crossOut(context, from, to, middle, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(from, middle);
  context.lineTo(to, middle);
  context.stroke();
  context.lineWidth = 1;
}

function star(context, x, middle, colours) {
  context.fillStyle = colours.paper;
  context.beginPath();
  context.arc(x, middle, 7, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = colours.ink;
  context.textAlign = "center";
  context.font = "700 12px system-ui, sans-serif";
  context.fillText("✎", x, middle + 4);
}
