import type { Answer, Picture } from '../domain/answer.ts';
import type { AccountStatus, Person } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { PendingQuery } from './store.ts';

/** What the chat knows about people. Without `asOf`, each call reads it again. */
export interface People {
  /** Undefined when it could not be read: then refuse. */
  accountStatus(person: Person, asOf?: AsOf): Promise<AccountStatus | undefined>;
  /** User ids in a user group; undefined when it could not be read. */
  members(userGroup: string, asOf?: AsOf): Promise<readonly string[] | undefined>;
}

/** `cached`: an answer up to half a minute old suffices, as for a query. What decides or starts a change uses `now`. */
export type AsOf = 'now' | 'cached';

/** Sends the answer of a query to the requester, or with `--public` to the channel. */
export interface Replies {
  reply(query: PendingQuery, answer: Answer | Refusal): Promise<void>;
}

/** Renders pictures. */
export interface Pictures {
  /** A PNG of an SVG file, or why it could not be rendered. */
  png(
    svg: string,
  ): Promise<{ readonly ok: true; readonly png: Uint8Array } | { readonly ok: false; readonly why: string }>;
}

/** People who recently viewed the Home tab. */
export interface HomeViewers {
  /** Notes that this person viewed it at `atMs`, and removes those whose last view is more than `forgetAfterMs` older. */
  add(person: Person, atMs: number, forgetAfterMs: number): Promise<void>;
  /** Those with a view since then, the latest first, at most 500. */
  since(atMs: number): Promise<readonly Person[]>;
}

/** Posts a picture in the thread below the card of a change. */
export interface ChangePictures {
  /** Rejects where the chat accepts no file, or where it cannot be rendered. */
  post(change: string, picture: Picture): Promise<void>;
}

/** Location of a change's card. */
export interface CardLocation {
  readonly channel: string;
  /** Slack's message timestamp, which is its id. */
  readonly ts: string;
}

export interface CardLocations {
  find(change: string): Promise<CardLocation | undefined>;
  keep(change: string, place: CardLocation): Promise<void>;
}
