import type { WebSocket } from 'ws';

/** The channels of v4.channel.k8s.io and v5.channel.k8s.io: the first byte of every frame. */
export const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** Large answers go in pieces, as a real kubelet's do. */
const FRAME_BYTES = 32 * 1024;

export function send(webSocket: WebSocket, channel: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += FRAME_BYTES) {
    webSocket.send(Buffer.concat([Buffer.of(channel), bytes.subarray(at, at + FRAME_BYTES)]));
  }
}

/** Sends the v1.Status that ends every exec, and closes. */
export function finish(webSocket: WebSocket, status: object): void {
  send(webSocket, channels.status, JSON.stringify({ metadata: {}, ...status }));
  webSocket.close(1000);
}

export const success = { status: 'Success' };
