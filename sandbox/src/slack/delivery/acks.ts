import { isObject, parseJson, stringIn } from '../json.ts';
import type { Delivered } from './envelope.ts';

/** The envelopes that wait for their acknowledgement. */
export interface Acks {
  /** Resolves at the ack, after timeoutMs, or when the connection is lost. */
  wait(envelopeId: string, connection: unknown, timeoutMs: number): Promise<Delivered>;
  /** Takes a frame of the app; false when it acknowledges nothing that waits. */
  take(frame: string): { readonly envelopeId: string; readonly inTime: boolean } | undefined;
  lost(connection: unknown): void;
}

interface Waiting {
  readonly connection: unknown;
  settle(result: Settled): void;
}

type Settled = { response?: unknown } | { error: 'operation_timeout' | 'dispatch_failed'; detail: string };

export function openAcks(): Acks {
  const waiting = new Map<string, Waiting>();
  return {
    wait(envelopeId, connection, timeoutMs) {
      const startedAt = performance.now();
      return new Promise((resolve) => {
        const settle = (result: Settled) => {
          clearTimeout(timer);
          waiting.delete(envelopeId);
          const ackMs = Math.round(performance.now() - startedAt);
          resolve('error' in result ? { ok: false, ackMs, ...result } : { ok: true, ackMs, ...result });
        };
        const detail = `no acknowledgement in ${timeoutMs} ms`;
        const timer = setTimeout(() => settle({ error: 'operation_timeout', detail }), timeoutMs);
        waiting.set(envelopeId, { connection, settle });
      });
    },
    take(frame) {
      const ack = parseJson(frame);
      const envelopeId = isObject(ack) ? stringIn(ack, 'envelope_id') : undefined;
      if (!isObject(ack) || envelopeId === undefined) return undefined;
      const entry = waiting.get(envelopeId);
      entry?.settle({ response: ack.payload });
      return { envelopeId, inTime: entry !== undefined };
    },
    lost(connection) {
      for (const entry of [...waiting.values()]) {
        if (entry.connection === connection)
          entry.settle({ error: 'dispatch_failed', detail: 'connection lost' });
      }
    },
  };
}
