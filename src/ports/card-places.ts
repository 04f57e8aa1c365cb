/** Where the card of a change stands. */
export interface CardPlace {
  readonly channel: string;
  /** Slack's message timestamp, which is its id. */
  readonly ts: string;
}

export interface CardPlaces {
  find(change: string): Promise<CardPlace | undefined>;
  keep(change: string, place: CardPlace): Promise<void>;
}
