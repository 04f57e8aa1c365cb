import { isObject, type JsonObject } from './json.ts';

/** What happened, newest last: Web API calls, envelopes, sockets. */
export interface ActivityLog {
  add(entry: LogEntry): void;
  entries(): LogLine[];
}

export interface LogEntry {
  readonly kind: 'api' | 'envelope' | 'late_ack' | 'socket' | 'response_url' | 'view';
  readonly [detail: string]: unknown;
}

export type LogLine = LogEntry & { readonly seq: number; readonly at: string };

/** Older entries are forgotten. */
const KEPT = 5000;

export function openActivityLog(clock: () => number, onEntry: () => void): ActivityLog {
  const lines: LogLine[] = [];
  let seq = 0;
  return {
    add(entry) {
      seq += 1;
      lines.push({ seq, at: new Date(clock()).toISOString(), ...withoutTokens(entry), kind: entry.kind });
      if (lines.length > KEPT) lines.shift();
      onEntry();
    },
    entries: () => [...lines],
  };
}

function withoutTokens(entry: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(entry)
      .filter(([key]) => key !== 'token')
      .map(([key, value]) => [key, isObject(value) ? withoutTokens(value) : value]),
  );
}
