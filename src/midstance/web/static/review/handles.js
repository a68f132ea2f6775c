// Contacts and toe-offs in the timeline that can be moved: by pointer, or by arrow keys, a frame at a time.

import { byId, make, say } from "../lib/dom.js";
import { capital, seconds } from "../lib/format.js";
import { step } from "../lib/timebase.js";
import { laneAt } from "./timeline.js";

const TITLES = { initial_contact: "initial contact", toe_off: "toe-off" };
const COMMIT_MS = 700;

export class Handles {
  #moving = null;
  #timer = 0;
  #focus = "";

  /**
   * @param {import("./timeline.js").Timeline} timeline
   * @param {import("./deck.js").Deck} deck
   * @param {import("./state.js").State} state
   * @param {(edit: any) => Promise<unknown>} commit
   */
  constructor(timeline, deck, state, commit) {
    Object.assign(this, { timeline, deck, state, commit });
    this.box = byId("handles");
    timeline.onMoved = () => this.#place();
    state.on("mode review view", () => this.#place({ anew: true }));
  }

  #place({ anew = false } = {}) {
    if (this.#moving && !anew) return this.#setPositions();
    const wanted = this.state.mode === "correct" ? this.#inWindow() : [];
    const keys = wanted.map((event) => event.key).join(" ");
    if (anew || this.box.dataset.keys !== keys) {
      this.box.dataset.keys = keys;
      this.box.replaceChildren(...wanted.map((event) => this.#handle(event)));
      if (this.#focus) this.box.querySelector(`[data-key="${this.#focus}"]`)?.focus();
    }
    return this.#setPositions();
  }

  #setPositions() {
    for (const handle of this.box.children) handle.style.left = `${100 * this.timeline.share(handle.event.time_s)}%`;
  }

  #inWindow() {
    const [from, to] = this.timeline.span;
    const all = this.state.view.strides.flatMap((stride) =>
      Object.keys(TITLES).map((name) => ({
        key: `${stride.side}-${stride.number}-${name}`,
        name,
        side: stride.side,
        number: stride.number,
        from_s: stride[`${name}_s`],
        time_s: stride[`${name}_s`],
        edited: stride.edited.includes(name),
      })),
    );
    return all.filter((e) => e.time_s >= from && e.time_s <= to).sort((a, b) => a.time_s - b.time_s);
  }

  #handle(event) {
    const title = `${capital(event.side)} stride ${event.number}: ${TITLES[event.name]}${event.edited ? ", edited by hand" : ""}`;
    const handle = make("div", {
      class: `handle ${event.name} ${event.side}${event.edited ? " edited" : ""}`,
      role: "slider",
      tabindex: "0",
      "data-key": event.key,
      "aria-label": title,
      title,
      onkeydown: (key) => this.#key(key, handle),
      onfocus: () => {
        this.#focus = event.key;
        this.deck.pause();
        this.deck.show(event.time_s);
      },
      onblur: () => (this.#focus === event.key && this.#commit(handle), this.#moving || (this.#focus = "")),
      onpointerdown: (down) => this.#down(down, handle),
      onpointermove: (move) =>
        handle.hasPointerCapture(move.pointerId) && this.#drag(handle, this.timeline.timeAtX(move.clientX)),
      onpointerup: () => this.#commit(handle),
      onpointercancel: () => this.#reset(handle),
    });
    handle.event = event;
    handle.style.top = `${laneAt(event.side)}px`;
    this.#tell(handle);
    return handle;
  }

  #tell(handle) {
    const { real_s } = this.state.view.base;
    const { time_s } = handle.event;
    const value = {
      "aria-valuemin": real_s[0],
      "aria-valuemax": real_s.at(-1),
      "aria-valuenow": time_s,
      "aria-valuetext": seconds(time_s),
    };
    for (const [name, text] of Object.entries(value)) handle.setAttribute(name, String(text));
  }

  #down(down, handle) {
    handle.setPointerCapture(down.pointerId);
    handle.focus();
    this.timeline.held = true;
  }

  #drag(handle, time_s) {
    this.#move(handle, step(this.state.view.base, time_s, 0));
  }

  #move(handle, time_s) {
    if (time_s === handle.event.time_s) return;
    this.#moving = handle;
    handle.event.time_s = time_s;
    this.#tell(handle);
    this.#setPositions();
    this.deck.show(time_s);
  }

  #key(key, handle) {
    const frames = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 5, PageDown: -5 }[key.key];
    if (key.key === "Escape") return this.#reset(handle);
    if (key.key === "Enter") return this.#commit(handle);
    if (frames === undefined) return undefined;
    key.preventDefault();
    this.#move(handle, step(this.state.view.base, handle.event.time_s, frames));
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#commit(handle), COMMIT_MS);
    return undefined;
  }

  #reset(handle) {
    clearTimeout(this.#timer);
    this.#moving = null;
    this.timeline.held = false;
    handle.event.time_s = handle.event.from_s;
    this.#tell(handle);
    this.#place({ anew: true });
  }

  async #commit(handle) {
    clearTimeout(this.#timer);
    this.timeline.held = false;
    const { event } = handle;
    const moved = this.#moving === handle && event.time_s !== event.from_s;
    this.#moving = null;
    if (!moved) return;
    const done = await this.commit({
      kind: "move_event",
      view: this.state.view.name,
      side: event.side,
      event: event.name,
      from_s: event.from_s,
      to_s: event.time_s,
    });
    if (!done) this.#reset(handle);
    else say(`${capital(event.side)} ${TITLES[event.name]} moved to ${seconds(event.time_s)}`);
  }
}
