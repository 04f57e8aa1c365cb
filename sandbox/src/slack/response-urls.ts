import { randomBytes } from 'node:crypto';

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const RESPONSE_URL_USES = 5;
const RESPONSE_URL_LIFE_MS = 30 * 60_000;

/** What a response_url stands for. */
export interface ResponsePlace {
  readonly channel: string;
  readonly user: string;
  /** The message that was clicked. */
  readonly messageTs?: string;
  readonly threadTs?: string;
}

export interface ResponseUrls {
  /** The path of a new one. */
  issue(place: ResponsePlace): string;
  find(path: string): ResponsePlace | { readonly error: 'used_url' | 'expired_url' };
  /** Counts one use. */
  use(path: string): void;
}

export function openResponseUrls(teamId: string, clock: () => number): ResponseUrls {
  const issued = new Map<string, { readonly place: ResponsePlace; readonly at: number; uses: number }>();
  return {
    issue(place) {
      const path = `/_response/${teamId}/${issued.size + 1}/${randomBytes(12).toString('hex')}`;
      issued.set(path, { place, at: clock(), uses: 0 });
      return path;
    },
    find(path) {
      const url = issued.get(path);
      if (url === undefined || clock() - url.at > RESPONSE_URL_LIFE_MS) return { error: 'expired_url' };
      return url.uses >= RESPONSE_URL_USES ? { error: 'used_url' } : url.place;
    },
    use(path) {
      const url = issued.get(path);
      if (url !== undefined) url.uses += 1;
    },
  };
}
