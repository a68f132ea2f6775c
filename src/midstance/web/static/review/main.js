// The review of a session: fetches the data and puts the parts together.

import { getJson, listen, send, wordsOf } from "../lib/api.js";
import { changes, summaryKey, valueKey } from "../lib/changes.js";
import { readDetails, wrongField } from "../lib/details.js";
import { attempt, byId, deletes, setText, show, tabs } from "../lib/dom.js";
import { loadReview } from "../lib/model.js";
import { plotly } from "../lib/plotly.js";
import { onTheme } from "../lib/theme.js";
import { frameFrom } from "../lib/timebase.js";
import { StrideChart } from "./charts.js";
import { bindCorrect } from "./correct.js";
import { Deck } from "./deck.js";
import { bindExports } from "./exports.js";
import { showChain, showFindings } from "./findings.js";
import { Handles } from "./handles.js";
import { bindLayers } from "./layers.js";
import { bindMarkers } from "./markers.js";
import { showNumbers, showQuality } from "./numbers.js";
import { Placer } from "./placer.js";
import { Player } from "./player.js";
import { State } from "./state.js";
import { markStrides, showStrides } from "./strides.js";
import { Timeline } from "./timeline.js";
import { bindTransport } from "./transport.js";

const desk = byId("desk");
const { base, session } = desk.dataset;

class Desk {
  /** @param {import("../lib/model.js").Review} review */
  constructor(review) {
    this.state = new State(review);
    bindLayers(this.state);
    this.players = review.views.map((view) => new Player(view, this.state));
    this.deck = new Deck(this.players, this.state);
    byId("players").replaceChildren(...this.players.map((p) => p.figure));
    byId("players").dataset.count = String(this.players.length);
    this.placer = new Placer(() => this.deck.leader);
    this.charts = [];
    this.changed = { medians: new Map(), values: new Set() };
  }

  /** Bind everything that acts; the page must be shown. */
  bind() {
    const { state, deck, placer } = this;
    const take = (told) => this.take(told);
    this.correct = bindCorrect({ state, placer, base, take });
    const timeline = new Timeline(deck, state);
    new Handles(timeline, deck, state, this.correct.commit);
    bindTransport(deck, state);
    bindMarkers({ state, placer, deck, base, take });
    this.exports = bindExports(state, base);
    bindModes(state, placer);
    deck.onTime = (time_s) => state.set("time", { time_s });
    state.on("layers", () => this.players.forEach((p) => p.draw()));
    state.on("time", () => this.#showMoment());
    state.on("view", () => this.#showLeader());
    state.on("review", () => this.#showTables());
    for (const player of this.players) player.figure.addEventListener("pointerdown", () => this.lead(player.view.name));
    const first = state.view.strides.find((s) => s.side === state.foot && s.valid) ?? state.view.strides[0];
    deck.show(first ? frameFrom(state.view.base, first.initial_contact_s) : state.view.base.real_s[0]);
  }

  /** Make a view the one that leads. @param {string} name */
  lead(name) {
    const { state, deck } = this;
    if (state.leading === name || this.placer.active) return;
    const playing = deck.playing;
    deck.pause();
    const player = this.players.find((p) => p.view.name === name);
    state.set("view", { leading: name, time_s: player.time_s });
    if (playing) deck.play();
  }

  /** Show a moment of a view. @param {{view: string, time_s: number}} moment */
  go({ view, time_s }) {
    this.deck.pause();
    this.lead(view);
    this.deck.show(time_s);
    const { top, bottom } = byId("players").getBoundingClientRect();
    if (bottom < 100 || top > window.innerHeight - 100) byId("players").scrollIntoView({ block: "start" });
  }

  /** Take over a review that was computed again. @param {any} told */
  async take(told) {
    const before = this.state.review;
    const review = await loadReview(told);
    this.changed = {
      medians: new Map(changes(before.summary, review.summary, summaryKey, "median").map((c) => [c.key, c])),
      values: new Set(
        review.views.flatMap((view, i) =>
          changes(before.views[i]?.values ?? [], view.values, (v) => valueKey(v, view.name), "value").map((c) => c.key),
        ),
      ),
    };
    this.players.forEach((p, i) => p.renew(review.views[i]));
    this.charts.forEach((c) =>
      c.renew(review.views.find((v) => v.name === c.view.name)).then(() => this.#markCharts()),
    );
    this.state.set("review", { review });
  }

  async addCharts() {
    const Plotly = await plotly();
    const { views, measures } = this.state.review;
    for (const view of views) {
      const go = (time_s) => this.go({ view: view.name, time_s });
      const own = view.series.measures.map(
        (m) => new StrideChart(Plotly, view, m, measures[m] ?? { title: m, unit: "deg", positive: "" }, go),
      );
      this.charts.push(...own);
      byId("charts").append(...own.map((c) => c.element));
    }
    await Promise.all(this.charts.map((c) => c.begin()));
    onTheme(() => Promise.all(this.charts.map((c) => c.draw())).then(() => this.#showMoment()));
    new ResizeObserver(() => this.#markCharts()).observe(byId("charts"));
    this.#markCharts();
  }

  #showMoment() {
    this.#markCharts();
    markStrides(this.state);
  }

  #markCharts() {
    for (const chart of this.charts) {
      const player = this.players.find((p) => p.view.name === chart.view.name);
      chart.mark(player === this.deck.leader ? this.state.time_s : player.time_s);
    }
  }

  #showLeader() {
    for (const { figure, view } of this.players)
      figure.classList.toggle("leads", this.players.length > 1 && view.name === this.state.leading);
  }

  #showTables() {
    const go = (moment) => this.go(moment);
    showFindings(this.state, go);
    showChain(this.state, go);
    showStrides(this.state, { go, exclude: this.correct.exclude, changed: this.changed.values });
    showNumbers(this.state, this.changed.medians);
    showQuality(this.state);
    markStrides(this.state);
  }
}

function bindModes(state, placer) {
  for (const radio of document.querySelectorAll('[name="mode"]')) {
    radio.addEventListener("change", () => state.set("mode", { mode: radio.value }));
  }
  state.on("mode", () => {
    for (const mode of ["correct", "markers"]) show(byId(mode), state.mode === mode);
    show(byId("correct_log"), state.mode === "correct");
    if (placer.active) byId("placing_cancel").click();
  });
}

function bindDetails(take) {
  const dialog = byId("details");
  const form = byId("details_form");
  byId("open_details").addEventListener("click", () => dialog.showModal());
  form.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = wrongField(form);
    setText(byId("details_problem"), wrong?.words ?? "");
    show(byId("details_problem"), Boolean(wrong));
    if (wrong) return wrong.input.focus();
    return attempt(async () => {
      const { title, about, details } = await send("PATCH", base, readDetails(form));
      document.querySelector("h1").textContent = title;
      byId("about").textContent = about.map((pair) => pair.join(" ")).join(" · ");
      setText(byId("note_shown"), details.note);
      show(byId("note_shown"), details.note !== "");
      dialog.close();
      await take(await getJson(`${base}/review`));
    });
  });
}

/**
 * Tell of jobs while they are at work, and once when they have ended.
 * @param {Record<string, (job: any, ended: boolean) => void>} handlers  By the kind of the job.
 */
function noteJobs(handlers) {
  const moving = new Set();
  return (job) => {
    const isMoving = job.state === "queued" || job.state === "running";
    const ended = !isMoving && moving.delete(job.id);
    if (isMoving) moving.add(job.id);
    if (isMoving || ended) handlers[job.kind]?.(job, ended);
  };
}

async function open() {
  const review = await loadReview(await getJson(`${base}/review`));
  show(desk, true);
  show(byId("loading"), false);
  const all = new Desk(review);
  all.bind();
  const openTab = tabs(document.querySelector('[role="tablist"]'), (panel) => {
    window.history.replaceState(null, "", `#${panel.replace("panel_", "")}`);
    window.dispatchEvent(new Event("resize")); // charts that were hidden have no size yet
  });
  const kept = byId(`panel_${window.location.hash.slice(1)}`);
  if (kept) openTab(kept.id);
  bindDetails((told) => all.take(told));
  const renew = async () => all.take(await getJson(`${base}/review`));
  const noted = noteJobs({ export: all.exports.progress, track: (job, ended) => ended && attempt(renew) });
  listen(session, {
    progress: ({ job }) => noted(job),
    session: (told) => told.job && noted(told.job),
    gone: () => window.location.assign("/"),
  });
  await all.addCharts();
  desk.dataset.ready = "true";
}

deletes(byId("open_delete"), () => send("DELETE", base));
open().catch((error) => {
  show(byId("loading"), false);
  setText(byId("problem"), wordsOf(error));
  show(byId("problem"), true);
});
