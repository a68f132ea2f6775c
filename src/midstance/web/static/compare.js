// Two sessions side by side: the same view of both in step, the differences of the medians, the mean curves.

import { Refused, getJson, wordsOf } from "./lib/api.js";
import { attempt, byId, make, setText, show } from "./lib/dom.js";
import { capital, instantWords, quantity, signed, withSd } from "./lib/format.js";
import { loadReview } from "./lib/model.js";
import { plotly } from "./lib/plotly.js";
import { onTheme } from "./lib/theme.js";
import { frameFrom } from "./lib/timebase.js";
import { MeanChart } from "./compare/mean_chart.js";
import { viewWords } from "./review/words.js";
import { Deck } from "./review/deck.js";
import { bindLayers } from "./review/layers.js";
import { Player } from "./review/player.js";
import { Timeline } from "./review/timeline.js";
import { bindTransport } from "./review/transport.js";
import { State } from "./review/state.js";

const ROLES = ["before", "after"];

/** Both sessions as one review of two views, the one before leading, so that the parts of the review serve here too. */
function paired(reviews, name) {
  const views = ROLES.map((role) => {
    const view = reviews[role].views.find((v) => v.name === name);
    return { ...view, name: role, title: `${capital(role)}: ${reviews[role].session.title}` };
  });
  return { ...reviews.before, views };
}

class Comparison {
  constructor(reviews) {
    this.reviews = reviews;
    this.names = reviews.before.views
      .map((v) => v.name)
      .filter((name) => reviews.after.views.some((v) => v.name === name));
    this.charts = [];
  }

  get view() {
    return byId("view").value;
  }

  bind() {
    byId("view").replaceChildren(...this.names.map((name) => make("option", { value: name }, viewWords(name))));
    show(byId("which_view"), this.names.length > 1);
    this.state = new State(paired(this.reviews, this.view));
    bindLayers(this.state);
    this.deck = new Deck(this.#players(), this.state);
    this.timeline = new Timeline(this.deck, this.state);
    bindTransport(this.deck, this.state);
    this.deck.onTime = (time_s) => this.state.set("time", { time_s });
    this.state.on("layers", () => this.deck.players.forEach((p) => p.draw()));
    this.#begin();
    byId("view").addEventListener("change", () => this.#change());
  }

  async addCharts() {
    const Plotly = await plotly();
    const show = () => {
      const pair = ROLES.map((role) => this.reviews[role].views.find((v) => v.name === this.view));
      const measures = pair[0].series.measures.filter((m) => pair[1].series.measures.includes(m));
      this.charts = measures.map((m) => new MeanChart(Plotly, pair, m, this.reviews.before.measures[m]));
      byId("charts").replaceChildren(...this.charts.map((c) => c.element));
      return Promise.all(this.charts.map((c) => c.draw()));
    };
    byId("view").addEventListener("change", show);
    onTheme(() => this.charts.forEach((c) => c.draw()));
    await show();
  }

  #players() {
    const players = this.state.review.views.map((view) => new Player(view, this.state, view.title));
    byId("players").dataset.count = "2";
    byId("players").replaceChildren(...players.map((p) => p.figure));
    return players;
  }

  #change() {
    this.deck.pause();
    const review = paired(this.reviews, this.view);
    Object.assign(this.state, { review, foot: review.views[0].near_side ?? this.state.foot });
    this.deck.replace(this.#players());
    this.state.set("view", {});
    this.#begin();
  }

  #begin() {
    const { view, foot } = this.state;
    const first = view.strides.find((s) => s.side === foot && s.valid) ?? view.strides[0];
    this.deck.show(first ? frameFrom(view.base, first.initial_contact_s) : view.base.real_s[0]);
  }
}

function showDifferences({ rows, notes }) {
  byId("notes").replaceChildren(
    ...notes.map((note) =>
      make(
        "li",
        { class: "caution" },
        make("span", { class: "mark", "aria-hidden": "true" }, "!"),
        make("div", {}, note),
      ),
    ),
  );
  const known = rows.some((r) => r.beyond_error !== null);
  const clear = rows.filter((r) => r.beyond_error).length;
  setText(byId("beyond_words"), `Only what is beyond the measurement error (${clear} of ${rows.length})`);
  byId("beyond").checked = clear > 0;
  show(byId("beyond").parentElement, known);
  const fill = () => {
    const shown = rows.filter((r) => !byId("beyond").checked || r.beyond_error);
    const head = ["Measure", "Side", "Before", "After", "Change"].map((t) => make("th", { scope: "col" }, t));
    const lines = shown.map((row, i) => difference(row, shown[i - 1]));
    const none = make(
      "tr",
      {},
      make("td", { colspan: "5", class: "hint" }, "No difference is beyond the measurement error."),
    );
    byId("differences").replaceChildren(
      make("thead", {}, make("tr", {}, ...head)),
      make("tbody", {}, ...(lines.length ? lines : [none])),
    );
  };
  byId("beyond").addEventListener("change", fill);
  fill();
}

function difference(row, above) {
  const same = above && above.measure === row.measure && above.instant === row.instant && above.view === row.view;
  const name = `${row.title}, ${instantWords(row.instant)}`;
  const mark = { true: "beyond the error", false: "within the error", null: "error not known" }[
    String(row.beyond_error)
  ];
  const error = row.change_standard_error === null ? "" : ` ± ${quantity(row.change_standard_error, row.unit)}`;
  const title = same
    ? make("span", { class: "unseen" }, name)
    : [
        row.title,
        make("span", { class: "hint" }, ` ${instantWords(row.instant)}, ${viewWords(row.view).toLowerCase()}`),
      ];
  return make(
    "tr",
    { class: row.beyond_error ? "beyond" : null },
    make("th", { scope: "row" }, ...[title].flat()),
    make("td", {}, row.side),
    ...ROLES.map((role) =>
      make("td", {}, row[role] ? withSd(row[role].median, row[role].sd, row.unit) : "not measured"),
    ),
    make(
      "td",
      {},
      make("b", {}, signed(row.change, row.unit)),
      make("span", { class: "hint" }, error),
      make("div", { class: "hint" }, row.beyond_error ? `▲ ${mark}` : mark),
    ),
  );
}

async function open({ before, after }) {
  const ids = { before, after };
  const told = await Promise.all(ROLES.map((role) => getJson(`/api/sessions/${ids[role]}/review`)));
  const [first, second] = await Promise.all(told.map(loadReview));
  const all = new Comparison({ before: first, after: second });
  const differences = await getJson(`/api/compare?before=${before}&after=${after}`);
  show(byId("loading"), false);
  show(byId("compare"), true);
  for (const kind of ["report_html", "report_pdf"]) byId(kind).href = differences[kind];
  showDifferences(differences);
  if (!all.names.length)
    throw new Refused(
      "The two sessions have no view in common. Compare two that were filmed from the same direction.",
      "no_view",
    );
  all.bind();
  await all.addCharts();
  byId("compare").dataset.ready = "true";
}

const problem = (error) => {
  show(byId("loading"), false);
  setText(byId("problem"), wordsOf(error));
  show(byId("problem"), true);
};

byId("turn")?.addEventListener("click", () => {
  const [before, after] = ROLES.map(byId);
  [before.value, after.value] = [after.value, before.value];
  if (before.value && after.value) byId("choose").submit();
});
byId("choose")?.addEventListener("submit", (event) => {
  const [before, after] = ROLES.map(byId);
  const words =
    !before.value || !after.value
      ? "Choose a session before and one after."
      : before.value === after.value
        ? "Choose two different sessions."
        : "";
  if (!words) return;
  event.preventDefault();
  problem(new Refused(words, "choice"));
});
const page = byId("compare");
if (page) attempt(() => open(page.dataset).catch(problem));
