// A session at work: how far it is, cancel; and what to do when it could not be analysed.

import { listen, send } from "./lib/api.js";
import { attempt, byId, deletes, setText } from "./lib/dom.js";
import { DASH, capital, number, timeLeft } from "./lib/format.js";

const page = byId("session");
const { session: id, base } = page.dataset;
const part = (name) => page.querySelector(`[data-${name}]`);

function showJob(job) {
  if (job?.kind !== "analyse" || !job.progress) return;
  const { step, number: nth, of, done, total, rate, overall, overall_left_s: left_s } = job.progress;
  setText(part("step"), step);
  setText(part("told"), step); // read out once per step, not at every frame
  setText(part("number"), `${nth} of ${of}`);
  setText(part("frames"), total ? `${done} of ${total}` : DASH);
  setText(part("rate"), rate ? `${number(rate, "deg")} frames/s` : DASH);
  setText(part("left"), capital(timeLeft(left_s).replace(/ left$/, "")) || "not known yet");
  if (overall) part("overall").value = overall;
}

function showSession(session) {
  if (session.state !== page.dataset.state && !isMoving(session.state)) window.location.reload();
  else if (part("step")) {
    setText(page.querySelector(".badge"), session.words);
    showJob(session.job);
  }
}

const isMoving = (state) => state === "running" || state === "queued";

/** @param {string} name @param {(button: HTMLElement) => Promise<unknown>} work */
function onClick(name, work) {
  for (const button of page.querySelectorAll(`[data-${name}]`))
    button.addEventListener("click", () => attempt(async () => (await work(button), window.location.reload())));
}

onClick("cancel", () => send("POST", `${base}/cancel`));
onClick("start", () => send("POST", `${base}/start`));
onClick("change", async (button) => {
  const { change, clip } = button.dataset;
  await send("PATCH", `/api/clips/${clip}`, JSON.parse(change));
  await send("POST", `${base}/start`);
});
deletes(part("delete"), () => send("DELETE", base));
if (isMoving(page.dataset.state)) {
  const gone = () => window.location.assign("/");
  listen(id, { session: showSession, progress: ({ job }) => showJob(job), gone });
}
