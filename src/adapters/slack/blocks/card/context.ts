import type { DeclaredFreeze } from '../../../../domain/policy/freeze.ts';

/** Where the cards of other changes are that a card names, by the ids of the changes; those that are unknown are not in it. */
export type CardLinks = ReadonlyMap<string, string>;

/** What a card says beside its change: read when it is drawn. A card without any of it is complete all the same. */
export interface CardContext {
  readonly links: CardLinks;
  /** When it is drawn. */
  readonly nowMs?: number;
  /** Open changes of the same TMM pods, the oldest first. */
  readonly others?: readonly OtherChange[];
  /** Ids of the changes that roll it back, the oldest first. */
  readonly rolledBackBy?: readonly string[];
  /** The last change before it that did something on one of its nodes, and when that ended. */
  readonly before?: { readonly id: string; readonly atMs: number };
  /** What forbids every change on its target now, until somebody lifts it. */
  readonly frozen?: DeclaredFreeze;
  /** The first and the last record of the change in the audit trail. */
  readonly records?: { readonly first: number; readonly last: number };
  /** How to call the people of a group, in markup; a group that is not in it is named. */
  readonly calls?: ReadonlyMap<string, string>;
}

export interface OtherChange {
  readonly id: string;
  /** Whether it starts only after the change of this card. */
  readonly waitsForThis: boolean;
  /** Nodes that both name. */
  readonly sharedNodes?: readonly string[];
}

export const NO_CONTEXT: CardContext = { links: new Map() };
