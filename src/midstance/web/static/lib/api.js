// Questions to the server. What goes wrong comes back as one line that says what to do.

/** Something the server refused, or could not be asked. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {string} code
   * @param {Record<string, any>} [more]  What else the server said, such as `field` or `offset`.
   */
  constructor(message, code, more = {}) {
    super(message);
    this.code = code;
    this.more = more;
  }
}

/**
 * What to tell of an error: a refusal's own words; for a fault of the page, what to do.
 * @param {Error} error
 */
export function wordsOf(error) {
  if (error instanceof Refused) return error.message;
  console.error(error);
  return "This page ran into a fault. Load it again; what was saved is kept.";
}

const NO_ANSWER = "The server does not answer. See that `midstance serve` still runs, then try again.";

/**
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 * @throws {Refused}
 */
export async function ask(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(NO_ANSWER, "no_answer");
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  const error = said.error ?? { code: "failed", message: `The server answered ${answer.status}. Load the page again.` };
  throw new Refused(error.message, error.code, error);
}

/** @param {string} address */
export const getJson = async (address) => (await ask(address)).json();

/**
 * @param {"POST" | "PUT" | "PATCH" | "DELETE"} method
 * @param {string} address
 * @param {unknown} [body]
 * @returns {Promise<any>} What was answered; null for nothing.
 */
export async function send(method, address, body) {
  const json =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await ask(address, { method, ...json });
  return answer.status === 204 ? null : answer.json();
}

/**
 * Listen to what happens on the server.
 * @param {string | null} session  One session, or all of them.
 * @param {Record<string, (data: any) => void>} handlers  By the name of the event.
 * @returns {EventSource}
 */
export function listen(session, handlers) {
  const source = new EventSource(`/api/events${session ? `?session=${session}` : ""}`);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  // A browser keeps six connections to a host: a page that was left must not hold one of them.
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  return source;
}
