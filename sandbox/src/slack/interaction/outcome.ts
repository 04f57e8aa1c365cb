import type { Delivered } from '../delivery/envelope.ts';

/** What the person (or the test) who did something gets back; `error` is what Slack would show them. */
export type Outcome =
  | { readonly ok: true; readonly ack_ms: number; readonly [detail: string]: unknown }
  | {
      readonly ok: false;
      readonly ack_ms?: number;
      readonly error: string;
      readonly [detail: string]: unknown;
    };

export function outcomeOf(delivered: Delivered): Outcome {
  return delivered.ok
    ? { ok: true, ack_ms: delivered.ackMs }
    : { ok: false, ack_ms: delivered.ackMs, error: delivered.error };
}
