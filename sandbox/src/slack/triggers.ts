import { randomBytes } from 'node:crypto';

/** A trigger lives that long, and opens one view. https://docs.slack.dev/interactivity/handling-user-interaction */
const TRIGGER_LIFE_MS = 3000;

export interface Triggers {
  issue(user: string): string;
  /** Uses a trigger up; what is refused comes back as Slack's error. */
  redeem(id: string | undefined): { readonly user: string } | { readonly error: string };
}

export function openTriggers(clock: () => number): Triggers {
  const issued = new Map<string, { readonly user: string; readonly at: number; used: boolean }>();
  return {
    issue(user) {
      const id = `${clock()}.${issued.size}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { user, at: clock(), used: false });
      return id;
    },
    redeem(id = '') {
      const trigger = issued.get(id);
      if (trigger === undefined) return { error: 'invalid_trigger_id' };
      if (trigger.used) return { error: 'exchanged_trigger_id' };
      if (clock() - trigger.at > TRIGGER_LIFE_MS) return { error: 'expired_trigger_id' };
      trigger.used = true;
      return { user: trigger.user };
    },
  };
}
