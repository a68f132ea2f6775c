// The form of runner and run, as the server takes it.

const NUMBERS = ["height_cm", "speed_kmh", "incline_percent"];

/**
 * What a form says; what is left empty is null.
 * @param {HTMLFormElement} form
 */
export function readDetails(form) {
  const text = (name) => form.elements.namedItem(name).value.trim();
  const number = (name) => (text(name) === "" ? null : Number(text(name).replace(",", ".")));
  const lunge = (side) => {
    const value = number(`lunge_${side}`);
    return value === null ? null : { value, unit: text(`lunge_${side}_unit`) };
  };
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, number(name)]));
  const lunges = { lunge_left: lunge("left"), lunge_right: lunge("right") };
  const texts = { shoes: text("shoes"), note: text("note") };
  return { runner: text("runner"), name: text("name"), details: { ...numbers, ...texts, ...lunges } };
}

/**
 * The first field whose value the form does not allow, in words; null when all are right.
 * @param {HTMLFormElement} form
 * @returns {{input: HTMLInputElement, words: string} | null}
 */
export function wrongField(form) {
  for (const input of form.querySelectorAll('input[type="number"]')) {
    input.removeAttribute("aria-invalid");
  }
  const input = [...form.querySelectorAll('.fields input[type="number"]')].find((i) => !i.validity.valid);
  if (!input) return null;
  input.setAttribute("aria-invalid", "true");
  const title = input.labels[0].firstChild.textContent.trim();
  return { input, words: `${title}: expected ${input.min} to ${input.max}. Correct it or leave it empty.` };
}
