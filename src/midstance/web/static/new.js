// The page of a new session: clips are sent as soon as they are chosen, then the analysis is started.

import { getJson, send } from "./lib/api.js";
import { readDetails, wrongField } from "./lib/details.js";
import { attempt, byId, say, setText, show } from "./lib/dom.js";
import { ClipSlot } from "./new/slot.js";

const form = byId("new");
const problem = byId("problem");
const start = byId("start");
let session = form.dataset.session;
/** @type {Promise<string> | null} */
let making = null;

function tell(message) {
  setText(problem, message);
  show(problem, message !== "");
  if (message) problem.scrollIntoView({ block: "center" });
}

/** The session is made when the first clip is chosen; its address is kept, so that a reload goes on. */
function ensureSession() {
  if (session) return Promise.resolve(session);
  making ??= send("POST", "/api/sessions", {}).then((made) => {
    session = made.id;
    window.history.replaceState(null, "", `/new?session=${session}`);
    return session;
  });
  return making.catch((error) => {
    making = null;
    throw error;
  });
}

/** @type {ClipSlot[]} */
const slots = [...document.querySelectorAll(".slot")].map(
  (element) => new ClipSlot(element, { ensureSession, tell, changed, free, moved }),
);

function free() {
  return slots.filter((s) => s.state === "empty");
}

/** @param {ClipSlot} from @param {any} clip */
function moved(from, clip) {
  from.clear();
  const to = slots.find((s) => s.id === clip.slot);
  to.showClip(clip);
  to.element.querySelector("[data-move] select").focus();
  say(`Moved to ${to.title}`);
}

function changed() {
  for (const slot of slots) slot.offerPlaces();
  const states = slots.map((s) => s.state);
  if (slots.some((s) => s.stands && s.state !== "empty")) byId("standing").open = true;
  const run = slots.some((s) => s.state === "ready" && !s.stands);
  start.disabled = !run || states.some((s) => s in NOT_YET);
  setText(byId("ready"), readyWords(states, run));
}

const NOT_YET = {
  uploading: "Uploading; the runner’s details can be filled in meanwhile.",
  stopped: "An upload stopped. Choose its file again, or remove it.",
  refused: "A clip was refused. Replace it, move it or remove it.",
};

function readyWords(states, run) {
  const missing = Object.keys(NOT_YET).find((state) => states.includes(state));
  if (missing) return NOT_YET[missing];
  const ready = states.filter((s) => s === "ready").length;
  if (!run) return ready ? "Choose a clip of the run as well." : "Choose at least one clip.";
  return ready === 1 ? "One clip is ready." : `${ready} clips are ready.`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const wrong = wrongField(form);
  tell(wrong?.words ?? "");
  if (wrong) return wrong.input.focus();
  start.disabled = true;
  attempt(async () => {
    await send("PATCH", `/api/sessions/${session}`, readDetails(form));
    const started = await send("POST", `/api/sessions/${session}/start`);
    window.location.assign(started.address);
  }).finally(changed);
});

for (const slot of slots) slot.takeEarly();
// A file dropped beside a slot must not replace the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
// The server's session is the truth; a reload shows what is there.
if (session) {
  attempt(async () => {
    const { clips } = await getJson(`/api/sessions/${session}`);
    for (const slot of slots) {
      const clip = clips.find((c) => c.slot === slot.id);
      if (clip) slot.showClip(clip);
    }
  });
}
