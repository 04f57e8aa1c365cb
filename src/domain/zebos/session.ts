export type SessionState = 'Established' | 'Idle' | 'Connect' | 'Active' | 'OpenSent' | 'OpenConfirm';

/** One BGP session as a summary shows it. */
export interface Session {
  /** Canonical address, or the interface of an unnumbered peer. */
  readonly peer: string;
  readonly remoteAs?: number;
  readonly state: SessionState;
  /** Summed over the address families of one output; only while Established. */
  readonly prefixesReceived?: number;
  /** As printed: `00:09:11`, `never`. */
  readonly upDown?: string;
  /** What the router adds to the state, such as `(Admin)`. */
  readonly detail?: string;
}

const STATES: readonly SessionState[] = [
  'Established',
  'Idle',
  'Connect',
  'Active',
  'OpenSent',
  'OpenConfirm',
];

/** The state that this word names in full, whatever its case; a piece of a word names none. */
export function sessionState(word: string): SessionState | undefined {
  return STATES.find((state) => state.length === word.length && state.toLowerCase() === word.toLowerCase());
}
