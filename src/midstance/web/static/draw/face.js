// The runner's head made unrecognisable, as in exports: a coarse mosaic of the picture below.

import { HALO } from "./pen.js";

/** Patches across the head: too few to know anybody by. */
const MOSAIC = 5;
const small = document.createElement("canvas");
small.width = small.height = MOSAIC;

/**
 * @param {import("./pen.js").Pen} pen
 * @param {import("../lib/model.js").View} view
 * @param {[number, number, number] | undefined} head  x, y, radius.
 * @param {HTMLVideoElement | null} video
 */
export function drawFace({ context }, view, head, video) {
  if (!head) return;
  const [x, y, radius] = head;
  const place = [x - radius, y - radius, 2 * radius, 2 * radius];
  context.save();
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.clip();
  context.fillStyle = HALO; // all that is seen until there is a picture
  context.fillRect(...place);
  if (video && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
    const scale = video.videoWidth / view.width_px;
    small.getContext("2d").drawImage(video, ...place.map((v) => v * scale), 0, 0, MOSAIC, MOSAIC);
    context.drawImage(small, ...place);
  }
  context.restore();
}
