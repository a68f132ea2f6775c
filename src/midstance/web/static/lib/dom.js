// Small helpers for the page.

import { wordsOf } from "./api.js";

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/**
 * An element with attributes and children.
 * @param {string} name
 * @param {Record<string, any>} [attributes]  `on...` are listeners; true sets an empty attribute; null, false leave it out.
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

/**
 * Show or hide an element.
 * @param {HTMLElement} element
 * @param {boolean} on
 */
export function show(element, on) {
  element.hidden = !on;
}

/**
 * Text that stays the same is not written again: screen readers would read it once more.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Say something to who cannot see it. @param {string} text */
export const say = (text) => setText(byId("live"), text);

let toastTimer = 0;

/** Show what went wrong, for a while. @param {string} message */
export function complain(message) {
  const toast = byId("toast");
  toast.textContent = message;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = window.setTimeout(() => show(toast, false), 9000);
}

/**
 * Run something asynchronous; what is refused is shown.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    complain(wordsOf(error));
    return undefined;
  }
}

/**
 * Ask before a session is deleted, and delete it.
 * @param {HTMLElement} button
 * @param {() => Promise<unknown>} remove
 */
export function deletes(button, remove) {
  const dialog = byId("delete");
  button.addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "delete") attempt(async () => (await remove(), window.location.assign("/")));
  });
}

/**
 * Tabs by WAI-ARIA: arrow keys, Home and End choose.
 * @param {HTMLElement} list
 * @param {(id: string) => void} chosen  With the id of the panel.
 * @returns {(panel: string) => void} Opens a panel.
 */
export function tabs(list, chosen) {
  const all = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role="tab"]')]);
  const open = (tab) => {
    for (const each of all) {
      const on = each === tab;
      each.setAttribute("aria-selected", String(on));
      each.tabIndex = on ? 0 : -1;
      show(byId(each.getAttribute("aria-controls")), on);
    }
    chosen(tab.getAttribute("aria-controls"));
  };
  list.addEventListener("click", (event) => {
    const tab = event.target.closest('[role="tab"]');
    if (tab) open(tab);
  });
  list.addEventListener("keydown", (event) => {
    const i = all.indexOf(document.activeElement);
    const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = all.at(to % all.length);
    tab.focus();
    open(tab);
  });
  return (panel) => open(all.find((t) => t.getAttribute("aria-controls") === panel));
}
