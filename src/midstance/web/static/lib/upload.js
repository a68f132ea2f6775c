// Sends a file piece by piece, so that it can go on where it stopped.

import { Refused, ask } from "./api.js";

const PIECE_BYTES = 4 * 1024 * 1024;
const TRIES = 5;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * @param {string} clip  Id of the clip.
 * @param {File} file
 * @param {number} offset  How much is there already.
 * @param {(sent: number) => void} onSent
 * @param {AbortSignal} signal
 * @returns {Promise<any>} The clip, once it is looked at.
 * @throws {Refused}
 */
export async function uploadFile(clip, file, offset, onSent, signal) {
  let at = offset;
  let answer = {};
  do {
    answer = await sendPiece(clip, file, at, signal);
    at = answer.offset;
    onSent(at);
  } while (at < file.size);
  return answer.clip ?? (await ask(`/api/clips/${clip}/complete`, { method: "POST", signal })).json();
}

/** One piece; a server that is away for a moment is waited for, and a wrong offset is put right. */
async function sendPiece(clip, file, offset, signal) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const body = file.slice(offset, offset + PIECE_BYTES);
      const headers = { "content-type": "application/octet-stream" };
      const address = `/api/clips/${clip}/content?offset=${offset}`;
      return await (await ask(address, { method: "PUT", headers, body, signal })).json();
    } catch (error) {
      if (error instanceof Refused && error.code === "wrong_offset") return { offset: error.more.offset };
      if (!(error instanceof Refused) || error.code !== "no_answer" || attempt === TRIES) throw error;
      await wait(400 * 2 ** attempt);
    }
  }
}

/**
 * A picture from the first second of a clip, made by the browser; null where it cannot play the clip.
 * @param {File} file
 * @returns {Promise<HTMLCanvasElement | null>}
 */
export function firstPicture(file) {
  const video = document.createElement("video");
  const source = URL.createObjectURL(file);
  video.muted = true;
  video.preload = "auto";
  video.src = source;
  return new Promise((done) => {
    const finish = (picture) => {
      URL.revokeObjectURL(source);
      video.removeAttribute("src");
      done(picture);
    };
    video.addEventListener("loadeddata", () => (video.currentTime = Math.min(1, video.duration / 2 || 0)), {
      once: true,
    });
    video.addEventListener("seeked", () => finish(drawn(video)), { once: true });
    video.addEventListener("error", () => finish(null), { once: true });
    setTimeout(() => finish(null), 6000);
  });
}

function drawn(video) {
  const canvas = document.createElement("canvas");
  const scale = 320 / Math.max(video.videoWidth, video.videoHeight, 1);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}
