// One place for a clip: choose or drop it, see it sent and checked, replace it.

import { send, wordsOf } from "../lib/api.js";
import { complain, make, setText, show } from "../lib/dom.js";
import { capital, fileSize, number } from "../lib/format.js";
import { firstPicture, uploadFile } from "../lib/upload.js";

/**
 * @typedef {object} Page
 * @property {() => Promise<string>} ensureSession
 * @property {(message: string) => void} tell
 * @property {() => void} changed
 * @property {() => ClipSlot[]} free  Places without a clip.
 * @property {(from: ClipSlot, clip: any) => void} moved
 */

export class ClipSlot {
  /** @type {any} */
  #clip = null;
  /** @type {File | null} */
  #file = null;
  #abort = new AbortController();

  /**
   * @param {HTMLElement} element
   * @param {Page} page
   */
  constructor(element, page) {
    this.element = element;
    this.page = page;
    this.id = element.dataset.slot;
    this.stands = "stands" in element.dataset;
    this.title = element.querySelector("h3").textContent;
    this.#acceptDrops();
    const input = this.#part("pick").querySelector("input");
    input.addEventListener("change", () => this.#choose([...input.files]));
    this.#part("go-on").addEventListener("click", () => this.#goOn());
    this.#part("remove").addEventListener("click", () => this.#remove());
    this.#part("rate")
      .querySelector("input")
      .addEventListener("change", (event) => this.#setRate(event.target.value));
    this.#part("move")
      .querySelector("select")
      .addEventListener("change", (event) => this.#change({ slot: event.target.value }));
  }

  /** Take a file that was chosen before this module had come. */
  takeEarly() {
    this.#choose([...this.#part("pick").querySelector("input").files]);
  }

  /** @returns {"empty" | "uploading" | "stopped" | "ready" | "refused"} */
  get state() {
    if (!this.#clip) return "empty";
    return this.#clip.state === "uploading" && !this.#file ? "stopped" : this.#clip.state;
  }

  /** Show a clip as the server knows it. @param {any} clip */
  showClip(clip) {
    this.#clip = clip;
    const { state } = this;
    this.element.dataset.state = state;
    setText(this.#part("file"), `${clip.name} · ${fileSize(clip.size_bytes)}`);
    setText(this.#part("words"), this.#words(state));
    this.#showSent(clip.offset);
    if (clip.thumbnail) this.#showPicture(clip.thumbnail);
    this.#showRefusal(clip.refusal);
    this.#showProposal(clip.proposal, clip.capture_fps);
    this.#showButtons(state);
    this.page.changed();
  }

  /** Make the place as it was before a clip was chosen. */
  clear() {
    this.#abort.abort();
    this.#clip = this.#file = null;
    delete this.element.dataset.state;
    for (const name of ["file", "words"]) setText(this.#part(name), "");
    for (const name of ["thumbnail", "progress", "refusal", "proposal", "go-on"]) show(this.#part(name), false);
    this.#part("pick").querySelector("input").value = "";
    this.#showButtons("empty");
    this.page.changed();
  }

  /** Offer to move the clip to a place without one. */
  offerPlaces() {
    const select = this.#part("move").querySelector("select");
    const places = [this, ...this.page.free()];
    select.replaceChildren(...places.map(({ id, title }) => make("option", { value: id }, title)));
    show(this.#part("move"), ["ready", "refused"].includes(this.state) && places.length > 1);
  }

  #part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  #words(state) {
    const { facts, remarks = [], offset, size_bytes: size } = this.#clip;
    if (state === "stopped")
      return `Stopped at ${Math.round((100 * offset) / size)} %. Choose the same file again to go on.`;
    if (state === "uploading") return offset < size ? "Uploading" : "Looking at the clip";
    if (!facts) return "";
    const picture = facts.width_px ? `, ${facts.width_px} × ${facts.height_px}` : "";
    return [`${number(facts.duration_s, "deg")} s, ${Math.round(facts.fps)} frames/s${picture}`, ...remarks].join(". ");
  }

  #showButtons(state) {
    show(this.#part("remove"), state !== "empty");
    show(this.#part("drop"), state === "empty");
    show(this.#part("rate"), state === "ready" && this.#clip.kind === "video");
    setText(
      this.#part("pick").querySelector("span"),
      { empty: "Choose a clip", stopped: "Choose it again" }[state] ?? "Choose another",
    );
  }

  #showSent(sent) {
    const bar = this.#part("progress");
    show(bar, this.state === "uploading");
    bar.value = this.#clip.size_bytes ? sent / this.#clip.size_bytes : 0;
  }

  #showPicture(source) {
    const image = this.#part("thumbnail");
    image.src = source;
    image.alt = `First picture of ${this.#clip?.name ?? "the clip"}`;
    show(image, true);
  }

  #showRefusal(refusal) {
    const box = this.#part("refusal");
    box.replaceChildren();
    show(box, Boolean(refusal));
    if (!refusal) return;
    const steps = (refusal.do ?? []).map((line) => make("li", {}, line));
    box.append(make("h4", {}, refusal.title), make("p", {}, capital(refusal.message)));
    if (steps.length) box.append(make("ul", {}, ...steps));
    box.append(make("p", { class: "actions" }, ...this.#remedies(refusal)));
    const drawing = document.getElementById(`drawing-${refusal.drawing}`);
    if (drawing) box.append(drawing.content.cloneNode(true));
  }

  /** Buttons that put a refused clip right. */
  #remedies({ proposal, final = true }) {
    const button = (words, change) =>
      make("button", { type: "button", class: "small", onclick: () => this.#change(change) }, words);
    const fitting = this.page.free().filter(({ id }) => proposal?.slots?.includes(id));
    const moves = fitting.map(({ id, title }) => button(`Move it to ${title.toLowerCase()}`, { slot: id }));
    return final ? moves : [...moves, button("Use it all the same", { accepted: true })];
  }

  #showProposal(proposal, rate) {
    const box = this.#part("proposal");
    box.replaceChildren();
    this.#part("rate").querySelector("input").value = rate ?? "";
    const offered = proposal && !rate;
    show(box, Boolean(offered));
    if (!offered) return;
    const accept = () => this.#setRate(String(proposal.capture_fps));
    box.append(
      make("p", {}, `Slow motion? ${proposal.because}.`),
      make(
        "button",
        { type: "button", onclick: accept },
        `Yes, filmed at ${Math.round(proposal.capture_fps)} frames/s`,
      ),
    );
  }

  #acceptDrops() {
    const { element } = this;
    element.addEventListener("dragover", (event) => {
      event.preventDefault();
      element.classList.add("over");
    });
    element.addEventListener("dragleave", () => element.classList.remove("over"));
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      element.classList.remove("over");
      this.#choose([...event.dataTransfer.files]);
    });
  }

  #choose(files) {
    if (files.length > 1)
      return this.page.tell(`${this.title}: one clip fits here, ${files.length} were given. Drop one.`);
    if (files.length === 0) return undefined;
    this.page.tell("");
    this.#abort.abort();
    [this.#file] = files;
    firstPicture(this.#file).then(
      (canvas) =>
        canvas &&
        !this.#clip?.thumbnail &&
        canvas.toBlob((blob) => blob && this.#showPicture(URL.createObjectURL(blob))),
    );
    return this.#upload();
  }

  async #upload() {
    const file = this.#file;
    const { signal } = (this.#abort = new AbortController());
    show(this.#part("go-on"), false);
    try {
      const session = await this.page.ensureSession();
      const given = { slot: this.id, name: file.name, size_bytes: file.size };
      this.showClip(await send("POST", `/api/sessions/${session}/clips`, given));
      const sent = (offset) => this.showClip({ ...this.#clip, offset });
      const clip = await uploadFile(this.#clip.id, file, this.#clip.offset, sent, signal);
      this.#file = null;
      this.showClip(clip);
    } catch (error) {
      if (error.name !== "AbortError") this.#stopped(error);
    }
  }

  #stopped(error) {
    const words = wordsOf(error);
    setText(this.#part("words"), words);
    if (this.#clip) show(this.#part("go-on"), true);
    complain(`${this.title}: ${words}`);
  }

  #goOn() {
    if (this.#file) this.#upload();
  }

  async #remove() {
    const clip = this.#clip;
    this.clear();
    if (clip) await send("DELETE", `/api/clips/${clip.id}`).catch((error) => complain(wordsOf(error)));
  }

  #setRate(text) {
    return this.#change({ capture_fps: text.trim() === "" ? null : Number(text.replace(",", ".")) });
  }

  /** @param {Record<string, any>} given  What the server shall change of the clip. */
  async #change(given) {
    try {
      const clip = await send("PATCH", `/api/clips/${this.#clip.id}`, given);
      if (clip.slot === this.id) this.showClip(clip);
      else this.page.moved(this, clip);
    } catch (error) {
      complain(wordsOf(error));
      this.offerPlaces();
    }
  }
}
