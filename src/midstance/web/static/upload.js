// Sends the form with a progress bar and takes dropped files. Without this module the form posts itself.

const form = document.getElementById("upload");
const problem = document.getElementById("problem");
const sending = document.getElementById("sending");
const sent = document.getElementById("sent");
const sentWords = document.getElementById("sent_words");
const stop = document.getElementById("stop");
const submit = form.querySelector("button[type=submit]");

function tell(message) {
  problem.textContent = message;
  problem.hidden = message === "";
  if (message) problem.scrollIntoView({ block: "center" });
}

function showSending(on) {
  sending.hidden = stop.hidden = !on;
  submit.disabled = on;
}

function showSent(event) {
  const share = event.lengthComputable ? event.loaded / event.total : 0;
  sent.value = share;
  sentWords.textContent = share < 1 ? `${Math.round(100 * share)} %` : "Looking at the clips";
}

function finish(request) {
  showSending(false);
  const answer = request.response;
  if (request.status === 201 && answer) window.location.assign(answer.location);
  else tell(answer?.problem ?? "The upload failed. Try again.");
}

function send() {
  tell("");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", showSent);
  request.addEventListener("load", () => finish(request));
  request.addEventListener("error", () => {
    showSending(false);
    tell("The server did not answer. See that it still runs, then try again.");
  });
  request.addEventListener("abort", () => showSending(false));
  stop.onclick = () => request.abort();
  showSending(true);
  request.send(new FormData(form));
}

function acceptDrops(slot) {
  const input = slot.querySelector("input");
  slot.querySelector(".drop-hint").hidden = false;
  slot.addEventListener("dragover", (event) => {
    event.preventDefault();
    slot.classList.add("over");
  });
  slot.addEventListener("dragleave", () => slot.classList.remove("over"));
  slot.addEventListener("drop", (event) => {
    event.preventDefault();
    slot.classList.remove("over");
    const given = event.dataTransfer.files;
    if (given.length === 1) input.files = given;
    else tell(`${slot.querySelector("label").textContent}: drop one file, not ${given.length}.`);
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
form.querySelectorAll(".slot").forEach(acceptDrops);
// A file dropped beside a slot must not replace the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
