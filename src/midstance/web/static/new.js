// The page of a new session: clips are sent as soon as they are chosen, then the analysis is started.

import { getJson, send } from "./lib/api.js";
import { readDetails, wrongField } from "./lib/details.js";
import { attempt, byId, setText, show } from "./lib/dom.js";
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
  (element) => new ClipSlot(element, { ensureSession, tell, changed }),
);

function changed() {
  const ready = slots.filter((s) => s.state === "ready").length;
  const busy = slots.some((s) => s.state === "uploading");
  start.disabled = busy || ready === 0;
  const clips = ready === 1 ? "One clip is" : `${ready} clips are`;
  const words = busy ? "Uploading; the runner’s details can be filled in meanwhile." : `${clips} ready.`;
  setText(byId("ready"), ready || busy ? words : "Choose at least one clip.");
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
