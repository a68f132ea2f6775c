// The buttons and keys of the players.

import { byId, setText, show } from "../lib/dom.js";
import { seconds } from "../lib/format.js";
import { SIDES, neighbour, onGround, percentOf, strideAt } from "../lib/phase.js";
import { frameFrom, nearestIndex, step } from "../lib/timebase.js";

/**
 * @param {import("./deck.js").Deck} deck
 * @param {import("./state.js").State} state
 */
export function bindTransport(deck, state) {
  const actions = {
    frame: (frames) => {
      deck.pause();
      deck.show(step(state.view.base, deck.time_s, frames));
    },
    stride: (direction) => {
      const contacts = state.view.strides.filter((s) => s.side === state.foot).map((s) => s.initial_contact_s);
      const to_s = neighbour(contacts, deck.time_s + 1e-3 * direction, direction);
      if (to_s !== null) deck.show(frameFrom(state.view.base, to_s));
    },
    play: () => (deck.playing ? deck.pause() : deck.play()),
    loop: () => byId("loop").click(),
  };
  bindButtons(deck, state, actions);
  bindKeys(actions);
  state.on("time foot review", () => setText(byId("now"), nowWords(state)));
  deck.onPlaying = () => showPlaying(deck.playing);
}

function bindButtons(deck, state, actions) {
  const clicks = {
    frame_before: () => actions.frame(-1),
    frame_after: () => actions.frame(1),
    to_stride_before: () => actions.stride(-1),
    to_stride_after: () => actions.stride(1),
    play: actions.play,
  };
  for (const [id, act] of Object.entries(clicks)) byId(id).addEventListener("click", act);
  const speed = byId("speed");
  speed.addEventListener("change", () => deck.setSpeed(Number(speed.value)));
  deck.setSpeed(Number(speed.value));
  byId("loop").addEventListener("change", (event) => deck.setLoop(event.target.checked));
  const sync = byId("sync");
  sync.addEventListener("change", () => {
    deck.sync = sync.value;
    deck.realign();
  });
  show(byId("step_by"), deck.players.length > 1);
  const foot = byId("foot");
  foot.value = state.foot;
  foot.addEventListener("change", () => {
    state.set("foot", { foot: foot.value });
    deck.realign();
  });
}

const KEYS = {
  ArrowLeft: (actions, event) => actions.frame(event.shiftKey ? -10 : -1),
  ArrowRight: (actions, event) => actions.frame(event.shiftKey ? 10 : 1),
  " ": (actions) => actions.play(),
  "[": (actions) => actions.stride(-1),
  "]": (actions) => actions.stride(1),
  l: (actions) => actions.loop(),
};

/** Keys work while nothing that needs them itself has the focus. */
function bindKeys(actions) {
  const busy = 'input:not([type="checkbox"]), select, textarea, dialog, [role="tab"], [role="slider"], [data-point]';
  document.addEventListener("keydown", (event) => {
    const at = /** @type {Element} */ (event.target);
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || at.closest(busy)) return;
    if (event.key === " " && at.closest("button, a, summary, input")) return;
    if (!event.key.startsWith("Arrow") && !at.closest(".stage, body:focus")) return;
    event.preventDefault();
    act(actions, event);
  });
}

function showPlaying(playing) {
  const button = byId("play");
  button.setAttribute("aria-label", playing ? "Pause" : "Play");
  button.querySelector("use").setAttribute("href", `/static/icons.svg#${playing ? "pause" : "play"}`);
}

/** Time, frame and phase of both legs. @param {import("./state.js").State} state */
function nowWords({ view, time_s }) {
  const frame = nearestIndex(view.base.real_s, time_s) + 1;
  const legs = SIDES.map((side) => legWords(view, side, time_s)).filter(Boolean);
  return [seconds(time_s), `frame ${frame} of ${view.base.real_s.length}`, ...legs].join(" · ");
}

function legWords(view, side, time_s) {
  const stride = strideAt(view.strides, side, time_s);
  if (!stride) return "";
  const phase = onGround(view.strides, side, time_s) ? "stance" : "swing";
  return `${side} stride ${stride.number}, ${Math.round(percentOf(stride, time_s))} %, ${phase}`;
}
