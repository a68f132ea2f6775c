// Buttons that go to the frames that show something.

import { make } from "../lib/dom.js";
import { seconds } from "../lib/format.js";

/**
 * A button that goes to the moments that show something, one after the other.
 * @param {{view: string, stride: number, time_s: number}[]} moments  The most typical first.
 * @param {string} what  For screen readers.
 * @param {(moment: {view: string, time_s: number}) => void} go
 */
export function showButton(moments, what, go) {
  if (!moments?.length) return null;
  let next = 0;
  const words = () => (moments.length > 1 ? `Show ${next + 1} of ${moments.length}` : "Show");
  const name = () => `${words()}: ${what}, at ${seconds(moments[next].time_s)}`;
  const button = make("button", { type: "button", class: "small show", "aria-label": name() }, words());
  button.addEventListener("click", () => {
    go(moments[next]);
    next = (next + 1) % moments.length;
    button.textContent = words();
    button.setAttribute("aria-label", name());
  });
  return button;
}
