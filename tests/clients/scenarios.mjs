// What the tests do with fal's JavaScript client, one function for each deed.

import { File } from "node:buffer";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

export const submit = ({ fal, endpoint, input, options }) =>
  fal.queue.submit(endpoint, { input, ...options });

export const status = ({ fal, endpoint, requestId, logs }) =>
  fal.queue.status(endpoint, { requestId, logs });

export const result = ({ fal, endpoint, requestId }) =>
  fal.queue.result(endpoint, { requestId });

export const cancel = ({ fal, endpoint, requestId }) =>
  fal.queue.cancel(endpoint, { requestId });

export const run = ({ fal, endpoint, input }) => fal.run(endpoint, { input });

// Subscribes as the options say; returns all that was told on the way, and the film.
export async function subscribe({ fal, reached, endpoint, input, options }) {
  const ids = [];
  const updates = [];
  const { data, requestId } = await fal.subscribe(endpoint, {
    input,
    logs: true,
    pollInterval: 50,
    onEnqueue: (id) => ids.push(id),
    onQueueUpdate: (update) => updates.push(structuredClone(update)),
    ...options,
  });
  const film = await reached(data.video.url);
  const { byteLength } = await film.arrayBuffer();
  return { ids, updates, data, requestId, byteLength };
}

// Every byte tells where it is from, and no two pieces of a large file are the same.
function content(size) {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index++) bytes[index] = index % 251;
  return bytes;
}

export async function upload({ fal, size, type, name, lifecycle }) {
  const blob = new Blob([content(size)], { type });
  const file = name ? Object.assign(blob, { name }) : blob;
  return await fal.storage.upload(file, { lifecycle });
}

export async function uploadFile({ fal, path, type }) {
  const file = new File([await readFile(path)], basename(path), { type });
  return await fal.storage.upload(file);
}

// A file in an input is uploaded by the client itself.
export const subscribeWithFile = ({ fal, endpoint, input, field, size }) =>
  fal.subscribe(endpoint, {
    input: { ...input, [field]: new Blob([content(size)], { type: "image/png" }) },
    pollInterval: 50,
  });
