// One clip with its overlay: shows a moment, plays, and tells which frame is on the screen.

import { make } from "../lib/dom.js";
import { nearestIndex, playable, seekTarget, stretch, toReal } from "../lib/timebase.js";
import { paint } from "../draw/paint.js";

export class Player {
  /** @type {HTMLVideoElement | null} */
  #video = null;
  #wanted_s = NaN;
  /** Where the video was sent last, in its own time. */
  #sought_s = NaN;
  #clock = { from_ms: 0, from_s: 0, rate: 1, running: false };

  /**
   * @param {import("../lib/model.js").View} view
   * @param {{layers: Set<string>}} shown  Which layers are drawn.
   * @param {string} [title]
   */
  constructor(view, shown, title = view.title) {
    this.view = view;
    this.shown = shown;
    this.time_s = view.base.real_s[0];
    /** Without the overlay, such as while points are placed; a face that is hidden stays hidden. */
    this.bare = false;
    /** @type {(time_s: number) => void} */
    this.onFrame = () => {};
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.picture = make("div", { class: "picture" });
    this.caption = make("figcaption", {}, title);
    this.figure = make("figure", { class: "player", "data-view": view.name }, this.picture, this.caption);
    if (view.video) this.#makeVideo(title);
    this.picture.append(this.canvas);
    this.picture.style.aspectRatio = `${view.width_px} / ${view.height_px}`;
    this.picture.style.setProperty("--ratio", String(view.width_px / view.height_px));
    new ResizeObserver(() => this.draw()).observe(this.picture);
  }

  get playing() {
    return this.#video ? !this.#video.paused : this.#clock.running;
  }

  /** Real times of the clip's frames. */
  get frames_s() {
    return this.view.base.real_s;
  }

  /** Where the player will be once it has arrived. */
  get target_s() {
    return Number.isNaN(this.#wanted_s) ? this.time_s : this.#wanted_s;
  }

  /** Show the frame nearest to a time. @param {number} time_s */
  show(time_s) {
    const frame = nearestIndex(this.frames_s, time_s);
    this.#wanted_s = this.frames_s[frame];
    if (!this.#video) return this.#arrive(this.#wanted_s);
    if (this.#clock.running) this.#clock.from_s = this.#wanted_s;
    // A seek under way is let end; the newest wish is then followed.
    if (!this.#video.seeking) this.#seek(seekTarget(this.view.base, frame));
    return undefined;
  }

  /** @param {number} speed  1 = as in life, also for slow motion. */
  play(speed) {
    if (!this.#video) return this.#run(speed);
    const rate = playable(speed * stretch(this.view.base));
    if (Math.abs(this.#video.playbackRate / rate - 1) > 0.03) this.#video.playbackRate = rate;
    if (this.#video.paused) this.#video.play().catch(() => {}); // it was paused again before it had begun
    return undefined;
  }

  pause() {
    this.#clock.running = false;
    this.#video?.pause();
  }

  /** Draw the overlay anew, such as after a change of layers. */
  draw() {
    const { layers } = this.shown;
    const drawn = this.bare ? new Set([...layers].filter((layer) => layer === "face")) : layers;
    paint(this.canvas, this.view, this.time_s, drawn, this.#video);
  }

  /** Take over data that were computed again. @param {import("../lib/model.js").View} view */
  renew(view) {
    this.view = view;
    this.draw();
  }

  #makeVideo(title) {
    const video = make("video", {
      src: this.view.video,
      muted: true,
      playsinline: true,
      preload: "auto",
      "aria-label": title,
      tabindex: "-1",
    });
    video.muted = true; // the attribute alone does not mute an element made by a script
    this.#video = video;
    this.picture.append(video);
    video.addEventListener("seeked", () => this.#seeked());
    video.addEventListener("error", () => this.#cannotPlay());
    if ("requestVideoFrameCallback" in video) {
      const next = (_now, frame) => {
        // While it is paused a frame may be told after a later one was sought; then only the seek counts.
        if (!video.paused) this.#framed(frame.mediaTime);
        video.requestVideoFrameCallback(next);
      };
      video.requestVideoFrameCallback(next);
    } else {
      const poll = () => {
        if (!video.paused) this.#framed(video.currentTime);
        requestAnimationFrame(poll);
      };
      requestAnimationFrame(poll);
    }
  }

  #seek(media_s) {
    this.#sought_s = media_s;
    this.#video.currentTime = media_s;
  }

  /** A wish that came meanwhile is followed. A place that the video cannot reach, such as after its end, is not asked again. */
  #seeked() {
    const { base } = this.view;
    const target = seekTarget(base, nearestIndex(base.real_s, this.#wanted_s));
    const isNew = Number.isFinite(this.#wanted_s) && Math.abs(this.#sought_s - target) > 1e-3;
    if (isNew && Math.abs(this.#video.currentTime - target) > 1e-3) this.#seek(target);
    else this.#framed(this.#video.currentTime);
  }

  #framed(media_s) {
    if (this.#video.seeking) return;
    const { media_s: media } = this.view.base;
    // A hair later than the frame's own time, so that rounding cannot find the frame before.
    this.#arrive(toReal(this.view.base, media[nearestFrame(media, media_s)]));
  }

  #arrive(time_s) {
    this.#wanted_s = NaN;
    this.time_s = time_s;
    this.draw();
    this.onFrame(time_s);
  }

  /** Without a video the clock of the page runs the overlay. */
  #run(speed) {
    const last_s = this.frames_s.at(-1);
    Object.assign(this.#clock, { from_ms: performance.now(), from_s: this.time_s, rate: speed });
    if (this.#clock.running) return;
    this.#clock.running = true;
    const tick = (now_ms) => {
      const { from_ms, from_s, rate, running } = this.#clock;
      if (!running) return;
      const time_s = from_s + (rate * (now_ms - from_ms)) / 1000;
      const frame_s = this.frames_s[nearestIndex(this.frames_s, Math.min(time_s, last_s))];
      if (frame_s !== this.time_s) this.#arrive(frame_s);
      if (time_s >= last_s) this.#clock.running = false;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  #cannotPlay() {
    const words = "This browser cannot play the clip. The overlay is shown without it.";
    this.caption.append(make("span", { class: "hint" }, ` ${words}`));
    this.#video.remove();
    this.#video = null;
    this.#arrive(this.target_s);
  }
}

/** The frame that is on the screen at a time of the file: a frame's own time may be rounded down by the player. */
function nearestFrame(media, media_s) {
  const nearest = nearestIndex(media, media_s);
  const slack = 2e-3;
  return media[nearest] > media_s + slack ? Math.max(nearest - 1, 0) : nearest;
}
