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
