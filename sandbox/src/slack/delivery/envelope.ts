import type { JsonObject } from '../json.ts';

/** One thing that Slack tells the app. */
export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: JsonObject;
  readonly acceptsResponse: boolean;
  readonly retry?: { readonly attempt: number; readonly reason: string };
}

/** Whether the app acknowledged in time, and with what. */
export type Delivered =
  | { readonly ok: true; readonly ackMs: number; readonly response?: unknown }
  | {
      readonly ok: false;
      readonly ackMs: number;
      readonly error: 'operation_timeout' | 'dispatch_failed';
      readonly detail: string;
    };
