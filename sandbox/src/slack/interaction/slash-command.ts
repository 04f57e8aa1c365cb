import type { Backend } from '../backend.ts';
import { escapeMentions, escapeText } from '../escape-text.ts';
import { isObject } from '../json.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { responseUrlFor, VERIFICATION_TOKEN } from './payload-parts.ts';
import { postResponse } from './post-response.ts';

/** What somebody typed; text as typed, it is escaped here. */
export interface TypedCommand {
  readonly channel: string;
  readonly user: string;
  readonly command: string;
  readonly text: string;
}

/** Somebody types a slash command: https://docs.slack.dev/interactivity/implementing-slash-commands */
export async function slashCommand(backend: Backend, typed: TypedCommand): Promise<Outcome> {
  const { directory } = backend;
  const user = directory.user(typed.user);
  const channel = directory.channel(typed.channel);
  if (user === undefined) return { ok: false, error: 'user_not_found' };
  if (channel === undefined) return { ok: false, error: 'channel_not_found' };
  const place = { channel: channel.id, user: user.id };
  const delivered = await backend.delivery.deliver({
    type: 'slash_commands',
    acceptsResponse: true,
    payload: {
      token: VERIFICATION_TOKEN,
      team_id: user.teamId,
      team_domain: directory.teamDomain,
      channel_id: channel.id,
      channel_name: channel.isPrivate ? 'privategroup' : channel.name,
      user_id: user.id,
      user_name: user.name,
      command: typed.command,
      text: backend.app.shouldEscape ? escapeMentions(typed.text, directory) : escapeText(typed.text),
      api_app_id: directory.bot.appId,
      is_enterprise_install: 'false',
      response_url: responseUrlFor(backend, place),
      trigger_id: backend.triggers.issue(user.id),
    },
  });
  if (!delivered.ok) tellFailure(backend, place, typed.command, delivered.error);
  else if (isObject(delivered.response) && Object.keys(delivered.response).length > 0) {
    const error = postResponse(backend, place, delivered.response);
    if (error !== undefined)
      backend.log.add({ kind: 'response_url', ok: false, error, body: delivered.response });
  }
  return outcomeOf(delivered);
}

/** Slack itself tells the person, and only them. */
function tellFailure(
  backend: Backend,
  place: { channel: string; user: string },
  command: string,
  error: string,
): void {
  backend.messages.add({
    channel: place.channel,
    user: 'USLACKBOT',
    text: `${command} failed with the error "${error}"`,
    subtype: 'ephemeral',
    ephemeral_to: place.user,
  });
}
