// Findings with their evidence, and the chain from the foot to the pelvis.

import { byId, make } from "../lib/dom.js";
import { capital, instantWords, number, quantity, withSd } from "../lib/format.js";
import { SIDES } from "../lib/phase.js";
import { showButton } from "./goto.js";
import { POSITIONS, titleOf } from "./words.js";

const LEVELS = {
  likely: "Likely",
  consistent: "Consistent",
  possible: "Possible",
  none: "No sign of it",
  not_assessed: "Not assessed",
};
const ORDER = Object.keys(LEVELS);
const MET = { true: ["met", "Met"], false: ["unmet", "Not met"], null: ["unknown", "Not judged"] };

/**
 * @param {import("./state.js").State} state
 * @param {(moment: any) => void} go
 */
export function showFindings(state, go) {
  const { findings, measures, disclaimer } = state.review;
  const sorted = [...findings].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
  // Said once for all of them, not in every statement.
  const plain = sorted.map((finding) => ({ ...finding, statement: finding.statement.replace(disclaimer, "").trim() }));
  const cards = plain.map((finding) => card(finding, measures, go));
  const none = make("p", { class: "hint" }, "There are no findings for these clips.");
  const once = make("p", { class: "hint" }, disclaimer);
  byId("panel_findings").replaceChildren(...(cards.length ? [once, ...cards] : [none]));
}

function card(finding, measures, go) {
  const side = finding.side === "both" ? "both sides" : finding.side;
  const head = make(
    "header",
    {},
    make("h3", {}, finding.title, make("span", { class: `side ${finding.side}` }, `: ${side}`)),
    make("span", { class: `badge level_${finding.level}` }, LEVELS[finding.level] ?? finding.level),
  );
  const list = make("ul", { class: "evidence" }, ...finding.evidence.map((e) => item(e, measures, go)));
  const met = finding.evidence.filter((e) => e.met).length;
  const summary = make("summary", {}, `Evidence: ${met} of ${finding.evidence.length} met`);
  const evidence = make(
    "details",
    { open: ["likely", "consistent", "possible"].includes(finding.level) },
    summary,
    list,
  );
  return make(
    "article",
    { class: "finding", "data-finding": finding.id },
    head,
    make("p", {}, finding.statement),
    ...(finding.reasons ?? []).map((r) => make("p", { class: "hint" }, capital(r))),
    finding.evidence.length > 0 && evidence,
    more("Other explanations", finding.alternatives),
    more("What to check", finding.confirm),
    more("Sources", finding.sources),
  );
}

function more(title, lines) {
  if (!lines?.length) return null;
  return make("details", {}, make("summary", {}, title), make("ul", {}, ...lines.map((l) => make("li", {}, l))));
}

function item(evidence, measures, go) {
  const [kind, words] = MET[String(evidence.met)];
  const { unit, standard_error: error_size } = evidence;
  const error = error_size === null ? "" : ` (standard error ${quantity(error_size, unit)})`;
  const value = evidence.value === null ? "not measured" : `${quantity(evidence.value, unit)}${error}`;
  const threshold = evidence.threshold === null ? "" : `, threshold ${quantity(evidence.threshold, unit)}`;
  const share = evidence.strides
    ? ` in ${Math.round(100 * evidence.strides_meeting)} % of ${evidence.strides} strides`
    : "";
  const title = titleOf(evidence.measure, measures);
  return make(
    "li",
    { class: kind },
    make("span", { class: "met_word" }, words),
    make(
      "div",
      {},
      make("span", { class: "hint" }, `${evidence.rule} `), // what other sentences call it
      make("b", {}, evidence.title),
      make("p", { class: "hint" }, `${title}, ${instantWords(evidence.instant)}: ${value}${threshold}${share}`),
      evidence.reason && make("p", { class: "hint" }, capital(evidence.reason)),
    ),
    showButton(evidence.moments, evidence.title, go),
  );
}

/**
 * @param {import("./state.js").State} state
 * @param {(moment: any) => void} go
 */
export function showChain(state, go) {
  const { chain, measures } = state.review;
  const regions = [...new Set(chain.map((link) => link.region))].reverse();
  const keys = regions.flatMap((region) =>
    [...new Set(chain.filter((l) => l.region === region).map((l) => `${l.measure}|${l.instant}`))].map((key) => [
      region,
      key,
    ]),
  );
  const rows = keys.map(([region, key], i) => {
    const links = SIDES.map((side) =>
      chain.find((l) => l.region === region && l.side === side && `${l.measure}|${l.instant}` === key),
    );
    const one = links.find(Boolean);
    const first = i === 0 || keys[i - 1][0] !== region;
    return make(
      "tr",
      { class: first ? "first" : null },
      make("th", { scope: "row" }, first ? capital(region) : make("span", { class: "unseen" }, capital(region))),
      make(
        "td",
        {},
        titleOf(one.measure, measures),
        make("span", { class: "hint" }, ` ${instantWords(one.instant)}`),
        one.norm_text && make("div", { class: "hint" }, `Usual: ${usual(one)}`),
      ),
      ...linkCells(links, measures, go),
    );
  });
  const head = make("tr", {}, ...["Joint", "Measure", "Left", "Right"].map((t) => make("th", { scope: "col" }, t)));
  const table = make(
    "table",
    { class: "chain" },
    make("caption", { class: "unseen" }, "From pelvis to foot, left and right"),
    make("thead", {}, head),
    make("tbody", {}, ...rows),
  );
  byId("panel_chain").replaceChildren(
    chain.length
      ? scroll(table, "Chain of joints")
      : make("p", { class: "hint" }, "Nothing was measured along the chain."),
  );
}

/** A cell for each side; a reason why neither could be measured is told once, across both. */
function linkCells(links, measures, go) {
  const [left, right] = links;
  if (left && right && left.value === null && right.value === null && left.reason === right.reason)
    return [make("td", { class: "link left", colspan: "2" }, linkParts(left, measures, go))];
  return links.map((link, k) => make("td", { class: `link ${SIDES[k]}` }, link ? linkParts(link, measures, go) : "–"));
}

const usual = (link) =>
  link.norm_low === null
    ? link.norm_text
    : `${number(link.norm_low, link.unit)} to ${quantity(link.norm_high, link.unit)}`;

function linkParts(link, measures, go) {
  if (link.value === null) return make("span", { class: "hint" }, capital(link.reason) || "Not measured");
  const arrow = { low: "▼", high: "▲", usual: "●", unknown: "" }[link.position];
  const position = link.position === "unknown" ? "" : ` ${POSITIONS[link.position]}`;
  return make(
    "div",
    { class: `position ${link.position}` },
    make("b", {}, withSd(link.value, link.sd, link.unit)),
    position && make("div", {}, make("span", { "aria-hidden": "true" }, arrow), position),
    link.reason && make("div", { class: "hint" }, capital(link.reason)),
    showButton(link.moments, `${link.side} ${titleOf(link.measure, measures)}`, go),
  );
}

/** A table that scrolls by itself when it is too wide. @param {HTMLElement} table @param {string} label */
export const scroll = (table, label) =>
  make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, table);
