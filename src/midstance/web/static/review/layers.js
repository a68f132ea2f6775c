// Which layers are drawn over the clips.

import { byId, show } from "../lib/dom.js";

/** Remembered by the browser for every session: who hides faces on this screen wants them hidden. */
const BLUR = "midstance.blur_face";

/** @param {import("./state.js").State} state */
export function bindLayers(state) {
  const boxes = [...byId("layers").querySelectorAll("input")];
  const [face, markers] = ["face", "markers"].map((name) => boxes.find((box) => box.value === name));
  face.checked = recall() === "yes";
  const read = () => {
    remember(face.checked ? "yes" : "no");
    state.set("layers", { layers: new Set(boxes.filter((box) => box.checked).map((box) => box.value)) });
  };
  byId("layers").addEventListener("change", read);
  read();
  state.on("review view", () => {
    const { views } = state.review;
    show(
      markers.parentElement,
      views.some((view) => view.markers),
    );
    show(
      face.parentElement,
      views.some((view) => view.video),
    );
  });
}

/** A browser that may not keep anything forgets the choice; the page works all the same. */
function recall() {
  try {
    return localStorage.getItem(BLUR);
  } catch {
    return null;
  }
}

function remember(choice) {
  try {
    localStorage.setItem(BLUR, choice);
  } catch {
    // see above
  }
}
