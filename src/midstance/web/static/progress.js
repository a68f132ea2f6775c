// Asks for the state of unfinished sessions and shows it; reloads a session's own page when it has ended.

const EVERY_MS = 1000;
const isUnfinished = (state) => state === "queued" || state === "running";

function show(part, now) {
  if (!("reload" in part.dataset)) {
    part.textContent = now.words;
    part.className = `state ${now.state}`;
    return;
  }
  part.querySelector("[data-words]").textContent = now.words;
  setText(part.querySelector("[data-step]"), now.step || "Waits for the analysis before it.");
  setText(part.querySelector("[data-left]"), now.left);
  const bar = part.querySelector("progress");
  if (now.total > 0) {
    bar.max = now.total;
    bar.value = now.done;
  } else bar.removeAttribute("value");
}

// Text that stays the same is not written again: screen readers would read it every second.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

async function follow(part) {
  try {
    const answer = await fetch(part.dataset.poll);
    if (answer.ok) {
      const now = await answer.json();
      if (!isUnfinished(now.state) && "reload" in part.dataset) return window.location.reload();
      show(part, now);
      if (!isUnfinished(now.state)) return undefined;
    } else if (answer.status === 404) return window.location.reload();
  } catch {
    // The server is being restarted; ask again.
  }
  return setTimeout(() => follow(part), EVERY_MS);
}

document.querySelectorAll("[data-poll]").forEach((part) => {
  if (isUnfinished(part.dataset.state)) setTimeout(() => follow(part), EVERY_MS);
});
