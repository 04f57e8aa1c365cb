import type { JsonObject } from './json.ts';

/** One message, with the names that Slack gives its fields. */
export interface Message {
  readonly type: 'message';
  readonly ts: string;
  readonly channel: string;
  readonly team: string;
  readonly user: string;
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly text: string;
  readonly blocks?: readonly JsonObject[];
  readonly attachments?: readonly JsonObject[];
  readonly metadata?: Metadata;
  readonly thread_ts?: string;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly files?: readonly JsonObject[];
  readonly reactions?: readonly Reaction[];
  readonly subtype?: 'ephemeral' | 'thread_broadcast';
  /** The only user who sees it; with subtype `ephemeral` only. */
  readonly ephemeral_to?: string;
}

export interface Metadata {
  readonly event_type: string;
  readonly event_payload: JsonObject;
}

export interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
  readonly count: number;
}
