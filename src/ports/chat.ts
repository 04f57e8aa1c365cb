import type { Answer, Picture } from '../domain/answer.ts';
import type { AccountStatus, Person } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { PendingQuery } from './store.ts';

/** What the chat knows of people. Without `asOf` it is asked anew. */
export interface People {
  /** Undefined when it could not be asked: then the answer is no. */
  accountStatus(person: Person, asOf?: AsOf): Promise<AccountStatus | undefined>;
  /** User ids in a user group; undefined when it could not be asked. */
  members(userGroup: string, asOf?: AsOf): Promise<readonly string[] | undefined>;
}

/** `lately`: an answer of the last half a minute will do, as for a query. What decides or starts a change asks `now`. */
export type AsOf = 'now' | 'lately';

/** Brings the answer of a query to the person who asked, or with `--public` to the channel. */
export interface Replies {
  reply(query: PendingQuery, answer: Answer | Refusal): Promise<void>;
}

/** Draws pictures. */
export interface Pictures {
  /** A PNG of an SVG file, or why there is none. */
  png(
    svg: string,
  ): Promise<{ readonly ok: true; readonly png: Uint8Array } | { readonly ok: false; readonly why: string }>;
}

/** Who looked at the Home tab lately. */
export interface HomeViewers {
  /** Remembers that this person looked at `atMs`, and forgets those who looked last more than `forgetAfterMs` before. */
  add(person: Person, atMs: number, forgetAfterMs: number): Promise<void>;
  /** Those who looked since then, the last one first, at most 500. */
  since(atMs: number): Promise<readonly Person[]>;
}

/** Shows a picture in the thread below the card of a change. */
export interface ChangePictures {
  /** Rejects where the chat takes no file, or it cannot be drawn. */
  post(change: string, picture: Picture): Promise<void>;
}

/** Where the card of a change stands. */
export interface CardLocation {
  readonly channel: string;
  /** Slack's message timestamp, which is its id. */
  readonly ts: string;
}

export interface CardLocations {
  find(change: string): Promise<CardLocation | undefined>;
  keep(change: string, place: CardLocation): Promise<void>;
}
