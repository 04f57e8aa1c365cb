import type { ActivityLog } from '../activity-log.ts';
import type { Delivered, Envelope } from './envelope.ts';
import { deliverByHttp } from './http-delivery.ts';
import type { SocketMode } from './socket-mode.ts';

/** Brings envelopes to the app: to its request URL while it has one, else over the socket. */
export interface Delivery {
  deliver(envelope: Envelope): Promise<Delivered>;
  requestUrl(): string | null;
  setRequestUrl(url: string | null): void;
  stop(): void;
}

export function openDelivery(options: {
  readonly sockets: SocketMode;
  readonly requestUrl: string | null;
  readonly signingSecret: string;
  readonly ackTimeoutMs: number;
  readonly clock: () => number;
  readonly log: ActivityLog;
}): Delivery {
  const stopping = new AbortController();
  let requestUrl = options.requestUrl;
  return {
    async deliver(envelope) {
      const via = requestUrl === null ? 'socket' : 'http';
      const delivered =
        requestUrl === null
          ? await options.sockets.deliver(envelope)
          : await deliverByHttp(envelope, { ...options, requestUrl, stopped: stopping.signal });
      options.log.add({
        kind: 'envelope',
        type: envelope.type,
        via,
        payload: envelope.payload,
        ok: delivered.ok,
        ack_ms: delivered.ackMs,
        ...(delivered.ok
          ? { response: delivered.response }
          : { error: delivered.error, detail: delivered.detail }),
      });
      return delivered;
    },
    requestUrl: () => requestUrl,
    setRequestUrl(url) {
      requestUrl = url;
    },
    stop: () => stopping.abort(),
  };
}
