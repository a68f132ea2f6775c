// Several players in step: one leads, the others show the same phase of the stride or the same time.

import { lag, samePhase, strideAt, timeAt, whole } from "../lib/phase.js";

/** A follower farther off than this is set anew; less is left to its playback rate. */
const FAR_S = 0.1;

export class Deck {
  #speed = 0.25;
  #loop = false;
  #stride = null;

  /**
   * @param {import("./player.js").Player[]} players
   * @param {{leading: string, foot: "left" | "right"}} state
   */
  constructor(players, state) {
    this.players = [];
    this.state = state;
    /** @type {"phase" | "time"} */
    this.sync = "phase";
    this.playing = false;
    /** @type {(time_s: number) => void} */
    this.onTime = () => {};
    /** @type {() => void} */
    this.onPlaying = () => {};
    this.replace(players);
  }

  /** Take other players. @param {import("./player.js").Player[]} players */
  replace(players) {
    for (const player of this.players) player.pause();
    this.players = players;
    this.#stride = null;
    for (const player of players) player.onFrame = (time_s) => player === this.leader && this.#led(time_s);
  }

  get leader() {
    return this.players.find((p) => p.view.name === this.state.leading) ?? this.players[0];
  }

  get followers() {
    return this.players.filter((p) => p !== this.leader);
  }

  /** Where the leader is, or will be once it has arrived. */
  get time_s() {
    return this.leader.target_s;
  }

  /** Show a time of the leading clip. @param {number} time_s */
  show(time_s) {
    const { frames_s } = this.leader;
    const inside = Math.min(Math.max(time_s, frames_s[0]), frames_s.at(-1));
    this.leader.show(inside);
    this.#follow(inside, 0);
    this.onTime(this.leader.target_s);
  }

  play() {
    const { frames_s } = this.leader;
    this.playing = true;
    this.#holdStride();
    if (this.time_s >= frames_s.at(-1) - 1e-3) this.show(this.#stride?.initial_contact_s ?? frames_s[0]);
    for (const player of this.players) player.play(this.#speed * this.#rate(player));
    this.onPlaying();
  }

  pause() {
    const stopped = this.playing;
    this.playing = false;
    for (const player of this.players) player.pause();
    // A frame may have come since the last one that was told.
    if (stopped) this.show(this.leader.time_s);
    this.onPlaying();
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.#speed = speed;
    if (this.playing) this.play();
  }

  /** Repeat the stride that is shown, from contact to contact. @param {boolean} on */
  setLoop(on) {
    this.#loop = on;
    this.#holdStride();
  }

  /** Set the others by the leader again. */
  realign() {
    this.#holdStride();
    this.#follow(this.time_s, 0);
  }

  #holdStride() {
    const { strides } = this.leader.view;
    const found = strideAt(strides, this.state.foot, this.time_s) ?? whole(strides, this.state.foot)[0] ?? null;
    this.#stride = this.#loop ? found : null;
  }

  #led(time_s) {
    if (this.playing) {
      if (this.#stride && (time_s >= this.#stride.next_contact_s || time_s < this.#stride.initial_contact_s - 0.05)) {
        return this.show(timeAt(this.#stride, 0));
      }
      this.#follow(time_s, FAR_S);
      if (!this.leader.playing || time_s >= this.leader.frames_s.at(-1) - 1e-3) this.#ended();
    }
    return this.onTime(time_s);
  }

  #ended() {
    if (this.#stride) this.show(this.#stride.initial_contact_s);
    else this.pause();
  }

  /** Seek the followers that are farther off than allowed; a small lag is left to the playback rate. */
  #follow(time_s, allowed_s) {
    for (const player of this.followers) {
      const target_s = this.#counterpart(player, time_s);
      if (Math.abs(player.target_s - target_s) > allowed_s) player.show(target_s);
      const pull = 1 + Math.min(Math.max(3 * (target_s - player.time_s), -0.3), 0.3);
      if (this.playing) player.play(this.#speed * this.#rate(player) * pull);
    }
  }

  #counterpart(player, time_s) {
    const [from, to] = [this.leader.view.strides, player.view.strides];
    const { foot } = this.state;
    const same_s = this.sync === "phase" ? samePhase(from, to, foot, time_s) : null;
    return same_s ?? time_s + lag(from, to, foot);
  }

  /** How much faster than the leader a player runs: its strides may be shorter. */
  #rate(player) {
    if (player === this.leader || this.sync === "time") return 1;
    const { foot } = this.state;
    const own = strideAt(this.leader.view.strides, foot, this.leader.time_s);
    const other = strideAt(player.view.strides, foot, player.time_s);
    if (!own || !other) return 1;
    const rate = (other.next_contact_s - other.initial_contact_s) / (own.next_contact_s - own.initial_contact_s);
    return Math.min(Math.max(rate, 0.5), 2);
  }
}
