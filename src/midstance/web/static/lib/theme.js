// Colours of the page for what is drawn by scripts. They stand in the style sheet, light and dark.

/** @returns {Record<"ink" | "faint" | "line" | "paper" | "panel" | "left" | "right" | "norm" | "link", string>} */
export function theme() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "faint", "line", "paper", "panel", "left", "right", "norm", "link"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Call when light turns to dark or back. @param {() => void} changed */
export const onTheme = (changed) =>
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);

/** How each side is drawn beside its colour: solid and dashed, round and square. */
export const DASH_OF = { left: [], right: [6, 3] };

/**
 * A canvas at the screen's resolution, cleared, its unit one CSS pixel; null while it is not shown.
 * @param {HTMLCanvasElement} canvas
 */
export function cleared(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return null;
  const density = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
