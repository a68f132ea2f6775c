// Points placed on a picture by pointer or keyboard, with a magnifier that shows the pixels below them.

import { byId, make, setText, show } from "../lib/dom.js";

/** @typedef {import("../lib/geometry.js").Point} Point */

const ZOOM = 5;
const GLASS = 150;

export class Placer {
  #session = null;

  /** @param {() => import("./player.js").Player} player  The one that points are placed on. */
  constructor(player) {
    this.player = player;
    byId("placing_done").addEventListener("click", () => this.#end(this.#session?.points ?? null));
    byId("placing_cancel").addEventListener("click", () => this.#end(null));
  }

  get active() {
    return this.#session !== null;
  }

  /**
   * Let points be moved until they are used or the placing is cancelled.
   * @param {object} how
   * @param {Record<string, Point>} how.start  Where each point begins, by its title.
   * @param {string} how.words  What to do.
   * @param {boolean} [how.line]  Draw a line through them.
   * @param {(points: Record<string, Point>) => string} [how.told]  What they amount to.
   * @returns {Promise<Record<string, Point> | null>}
   */
  place({ start, words, line = false, told = () => "" }) {
    this.#end(null);
    const player = this.player();
    const layer = make("div", { class: "placer" });
    const glass = make("canvas", { class: "glass", width: GLASS, height: GLASS, "aria-hidden": "true" });
    const drawn = make("canvas", { "aria-hidden": "true" });
    const points = structuredClone(start);
    layer.append(drawn, ...Object.keys(points).map((name) => this.#point(name)), glass);
    player.picture.append(layer);
    Object.assign(player, { bare: true }).draw();
    byId("players").classList.add("placing"); // the clip is shown alone and large
    show(byId("placing"), true);
    byId("placing").scrollIntoView({ block: "start" });
    return new Promise((done) => {
      this.#session = { player, layer, glass, drawn, points, line, words, told, done };
      for (const button of layer.querySelectorAll("[data-point]")) this.#set(button, points[button.dataset.point]);
      layer.querySelector("[data-point]").focus({ preventScroll: true });
    });
  }

  #end(points) {
    const session = this.#session;
    if (!session) return;
    this.#session = null;
    session.layer.remove();
    Object.assign(session.player, { bare: false }).draw();
    byId("players").classList.remove("placing");
    show(byId("placing"), false);
    session.done(points);
  }

  #point(name) {
    const button = make("button", {
      type: "button",
      class: "point",
      "data-point": name,
      "aria-describedby": "placing_words",
      onkeydown: (event) => this.#key(event, button),
      onfocus: () => this.#look(button),
      onpointerdown: (event) => button.setPointerCapture(event.pointerId),
      onpointermove: (event) => button.hasPointerCapture(event.pointerId) && this.#set(button, this.#under(event)),
    });
    return button;
  }

  #under(event) {
    const { player } = this.#session;
    const box = player.picture.getBoundingClientRect();
    const { width_px, height_px } = player.view;
    return [((event.clientX - box.left) / box.width) * width_px, ((event.clientY - box.top) / box.height) * height_px];
  }

  #key(event, button) {
    const by = event.shiftKey ? 10 : 1;
    const moves = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] };
    if (event.key === "Escape") return this.#end(null);
    const move = moves[event.key];
    if (!move) return undefined;
    event.preventDefault();
    const [x, y] = this.#session.points[button.dataset.point];
    return this.#set(button, [x + move[0], y + move[1]]);
  }

  #set(button, [x, y]) {
    const { player, points, words, told } = this.#session;
    const { width_px, height_px } = player.view;
    const name = button.dataset.point;
    points[name] = [Math.min(Math.max(x, 0), width_px), Math.min(Math.max(y, 0), height_px)];
    const [across, down] = points[name];
    button.style.left = `${(100 * across) / width_px}%`;
    button.style.top = `${(100 * down) / height_px}%`;
    button.setAttribute("aria-label", `${name}: ${Math.round(across)} across, ${Math.round(down)} down`);
    setText(
      byId("placing_words"),
      [words, "Drag the points, or move them with the arrow keys.", told(points)].filter(Boolean).join(" "),
    );
    this.#drawLine();
    this.#look(button);
  }

  #drawLine() {
    const { drawn, points, line, player } = this.#session;
    if (!line) return;
    const { width_px, height_px } = player.view;
    Object.assign(drawn, { width: drawn.clientWidth, height: drawn.clientHeight });
    const context = drawn.getContext("2d");
    const [a, b] = Object.values(points).map(([x, y]) => [
      (x / width_px) * drawn.width,
      (y / height_px) * drawn.height,
    ]);
    for (const [colour, width] of [
      ["#121418", 5],
      ["#f0e442", 2],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(...a);
      context.lineTo(...b);
      context.stroke();
    }
  }

  /** Show what lies under a point, large, in the corner farther from it. */
  #look(button) {
    const { glass, player, points } = this.#session;
    const [x, y] = points[button.dataset.point];
    const video = player.picture.querySelector("video");
    const context = glass.getContext("2d");
    context.fillStyle = "#121418";
    context.fillRect(0, 0, GLASS, GLASS);
    const scale = video?.videoWidth ? video.videoWidth / player.view.width_px : 1;
    const part = (GLASS / ZOOM) * scale;
    if (video) context.drawImage(video, x * scale - part / 2, y * scale - part / 2, part, part, 0, 0, GLASS, GLASS);
    context.strokeStyle = "#f5f5f5";
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(GLASS / 2, 0);
    context.lineTo(GLASS / 2, GLASS);
    context.moveTo(0, GLASS / 2);
    context.lineTo(GLASS, GLASS / 2);
    context.stroke();
    glass.classList.toggle("right", x < player.view.width_px / 2);
  }
}
