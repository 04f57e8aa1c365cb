import { randomUUID } from 'node:crypto';
import { signature } from '../../sandbox/src/slack/delivery/signature.ts';
import type { Message } from '../../sandbox/src/slack/message.ts';
import { CHANGES, type Story } from '../stories/story.ts';

/** What a request to the bot's own URL is made of; Slack's, or that of somebody who says so. */
export interface Sending {
  readonly secret?: string;
  /** How long ago it was signed; negative for the future. */
  readonly ageSec?: number;
  readonly unsigned?: boolean;
  /** What is signed instead of the body. */
  readonly sign?: string;
  /** Another replica's port. */
  readonly port?: string;
}

/** Sends a body to the bot in HTTP mode as Slack does; resolves to the status. */
export async function sendSigned(story: Story, body: string, how: Sending = {}): Promise<number> {
  const { SLACK_SIGNING_SECRET = '', PORT = '' } = story.env;
  const stamp = Math.floor(Date.now() / 1000) - (how.ageSec ?? 0);
  const headers = new Headers({
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(stamp),
  });
  if (how.unsigned !== true)
    headers.set('x-slack-signature', signature(how.secret ?? SLACK_SIGNING_SECRET, stamp, how.sign ?? body));
  const url = `http://127.0.0.1:${how.port ?? PORT}/slack/events`;
  const answer = await fetch(url, { method: 'POST', headers, body });
  await answer.text();
  return answer.status;
}

interface Person {
  readonly user: string;
  readonly team?: string;
  readonly channel?: string;
}

/** A slash command's body. Its answers come as ephemeral messages where it names no response_url. */
export function commandBody(
  { user, team = 'T01RACK', channel = CHANGES }: Person,
  text: string,
  responseUrl = '',
): string {
  return new URLSearchParams({
    command: '/bgp',
    text,
    user_id: user,
    team_id: team,
    channel_id: channel,
    trigger_id: randomUUID(),
    response_url: responseUrl,
  }).toString();
}

/** A click's body, with whatever value the button is said to have had. */
export function clickBody(person: Person, action: string, value: string, messageTs = '1.000001'): string {
  const { user, team = 'T01RACK', channel = CHANGES } = person;
  return payloadBody({
    type: 'block_actions',
    team: { id: team, domain: 'rack' },
    user: { id: user, username: 'somebody', team_id: team },
    container: { type: 'message', message_ts: messageTs, channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: 'network-changes' },
    trigger_id: randomUUID(),
    response_url: '',
    actions: [
      { type: 'button', action_id: action, block_id: 'decide', value, action_ts: String(Date.now() / 1000) },
    ],
  });
}

/** Where Slack takes answers to the last command; good for four more. */
export function lastResponseUrl({ slack }: Story): string {
  const last = slack.control.log().findLast(({ type }) => type === 'slash_commands');
  const payload = last?.payload;
  const named = typeof payload === 'object' && payload !== null && 'response_url' in payload;
  if (!named) throw new Error('no command came yet');
  return String(payload.response_url);
}

export function payloadBody(payload: object): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

/** The value that a card's button carries, as Slack would send it. */
export function buttonValue(card: Message | undefined, action: string): string {
  for (const block of card?.blocks ?? []) {
    const elements: readonly unknown[] = Array.isArray(block.elements) ? block.elements : [];
    for (const element of elements) {
      if (typeof element !== 'object' || element === null || !('action_id' in element)) continue;
      if (element.action_id === action && 'value' in element) return String(element.value);
    }
  }
  throw new Error(`the card has no button ${action}`);
}
