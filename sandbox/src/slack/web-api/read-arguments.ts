import type { IncomingMessage } from 'node:http';
import { isObject, type JsonObject, parseJson } from '../json.ts';

/** The arguments of a call, whatever way they came: query, form, JSON or multipart. */
export async function readArguments(request: IncomingMessage, body: Buffer): Promise<JsonObject> {
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://slack').searchParams);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/json')) {
    const parsed = parseJson(body.toString());
    return isObject(parsed) ? { ...query, ...parsed } : query;
  }
  if (type.startsWith('multipart/form-data')) return { ...query, ...(await readMultipart(type, body)) };
  return { ...query, ...Object.fromEntries(new URLSearchParams(body.toString())) };
}

/** The first file of a multipart body, or the body itself when it is none. */
export async function readUpload(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  for (const value of Object.values(await readMultipart(type, body))) {
    if (value instanceof Blob) return Buffer.from(await value.arrayBuffer());
  }
  return body;
}

async function readMultipart(type: string, body: Buffer): Promise<JsonObject> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  return Object.fromEntries(form);
}
