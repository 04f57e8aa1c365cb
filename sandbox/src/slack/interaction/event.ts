import type { Backend } from '../backend.ts';
import type { Delivered } from '../delivery/envelope.ts';
import { newId } from '../generated-ids.ts';
import type { JsonObject } from '../json.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { VERIFICATION_TOKEN } from './payload-parts.ts';

/**
 * Sends an event, and again as Slack does while it is not acknowledged. The outcome is that of the first time.
 * https://docs.slack.dev/apis/events-api
 */
export async function sendEvent(backend: Backend, event: JsonObject): Promise<Outcome> {
  const { directory } = backend;
  const payload = {
    token: VERIFICATION_TOKEN,
    team_id: directory.teamId,
    api_app_id: directory.bot.appId,
    event: { event_ts: backend.nextTs(), ...event },
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: Math.floor(backend.clock() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: directory.teamId, user_id: directory.bot.id, is_bot: true },
    ],
  };
  const first = await backend.delivery.deliver({ type: 'events_api', payload, acceptsResponse: false });
  retryLater(backend, payload, first, 1);
  return { ...outcomeOf(first), event_id: payload.event_id };
}

function retryLater(backend: Backend, payload: JsonObject, last: Delivered, attempt: number): void {
  const delayMs = backend.retryDelaysMs[attempt - 1];
  if (last.ok || delayMs === undefined) return;
  const reason = last.error === 'operation_timeout' ? 'http_timeout' : 'http_error';
  const timer = setTimeout(() => {
    const retry = { attempt, reason };
    void backend.delivery
      .deliver({ type: 'events_api', payload, acceptsResponse: false, retry })
      .then((next) => retryLater(backend, payload, next, attempt + 1));
  }, delayMs);
  timer.unref();
}
