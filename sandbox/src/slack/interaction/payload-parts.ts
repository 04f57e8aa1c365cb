import type { Backend } from '../backend.ts';
import type { JsonObject } from '../json.ts';
import type { Channel, User } from '../workspace.ts';

/** Deprecated by Slack in favour of signatures, but still in every payload. */
export const VERIFICATION_TOKEN = 'sandbox-verification-token';

/** What every interactive payload says of app, team and person. */
export function whoAndWhere(backend: Backend, user: User): JsonObject {
  return {
    api_app_id: backend.directory.bot.appId,
    token: VERIFICATION_TOKEN,
    team: { id: backend.directory.teamId, domain: backend.directory.teamDomain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function channelPart(channel: Channel): JsonObject {
  return { id: channel.id, name: channel.name };
}

export function responseUrlFor(
  backend: Backend,
  place: { channel: string; user: string; messageTs?: string; threadTs?: string },
): string {
  return backend.address.url + backend.responseUrls.issue(place);
}
