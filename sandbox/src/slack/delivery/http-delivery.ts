import { parseJson } from '../json.ts';
import type { Delivered, Envelope } from './envelope.ts';
import { signature } from './signature.ts';

/** Sends an envelope to the app's request URL, signed as Slack signs. */
export async function deliverByHttp(
  envelope: Envelope,
  options: {
    readonly requestUrl: string;
    readonly signingSecret: string;
    readonly ackTimeoutMs: number;
    readonly clock: () => number;
    readonly stopped: AbortSignal;
  },
): Promise<Delivered> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const body = bodyOf(envelope);
  const timestamp = Math.floor(options.clock() / 1000);
  const late = AbortSignal.timeout(options.ackTimeoutMs);
  try {
    const answer = await fetch(options.requestUrl, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.any([late, options.stopped]),
      headers: {
        'content-type': contentType(envelope),
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(timestamp),
        'x-slack-signature': signature(options.signingSecret, timestamp, body),
        ...retryHeaders(envelope),
      },
      body,
    });
    const text = await answer.text();
    if (answer.ok) return { ok: true, ackMs: elapsed(), response: responseOf(text) };
    return { ok: false, ackMs: elapsed(), error: 'dispatch_failed', detail: `status ${answer.status}` };
  } catch (error) {
    return {
      ok: false,
      ackMs: elapsed(),
      error: late.aborted ? 'operation_timeout' : 'dispatch_failed',
      detail: error instanceof Error ? error.message : String(error),
    };
  }
}

function contentType(envelope: Envelope): string {
  return envelope.type === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded';
}

function bodyOf(envelope: Envelope): string {
  if (envelope.type === 'events_api') return JSON.stringify(envelope.payload);
  if (envelope.type === 'interactive') {
    return new URLSearchParams({ payload: JSON.stringify(envelope.payload) }).toString();
  }
  const fields = Object.entries(envelope.payload).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(Object.fromEntries(fields)).toString();
}

function retryHeaders(envelope: Envelope): Record<string, string> {
  if (envelope.retry === undefined) return {};
  return {
    'x-slack-retry-num': String(envelope.retry.attempt),
    'x-slack-retry-reason': envelope.retry.reason,
  };
}

/** A body may be empty, JSON, or a text to show. */
function responseOf(text: string): unknown {
  if (text.trim() === '') return undefined;
  return parseJson(text) ?? { text };
}
