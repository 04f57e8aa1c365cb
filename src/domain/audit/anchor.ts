/** A record's number and hash, kept where nobody who can write Redis can write: it shows later changes. */
export interface Anchor {
  readonly seq: number;
  /** SHA-256 in hex: all 64 digits, or the first 20 as the audit channel has them. */
  readonly hash: string;
}

/** How many hex digits of a hash are told to people: 80 bits, so that nobody finds another record for one that was told. */
const TOLD_DIGITS = 20;

/** The beginning of a hash that the audit channel is told. */
export function toldHash(hash: string): string {
  return hash.slice(0, TOLD_DIGITS);
}

/** Whether two hashes are the same as far as both are known; neither is shorter than 20 digits. */
export function sameHash(one: string, other: string): boolean {
  const digits = Math.min(one.length, other.length);
  return digits >= TOLD_DIGITS && one.slice(0, digits) === other.slice(0, digits);
}

/** As `audit verify --anchor` takes it. */
export function anchorText({ seq, hash }: Anchor): string {
  return `${seq}:${hash}`;
}

/** Undefined for what is not `SEQ:HASH`. */
export function readAnchor(text: string): Anchor | undefined {
  const groups = /^(?<seq>[1-9]\d{0,14}):(?<hash>[0-9a-f]{20}|[0-9a-f]{64})$/.exec(text)?.groups;
  return groups === undefined ? undefined : { seq: Number(groups.seq), hash: groups.hash ?? '' };
}

/** An anchor, and in words where it was found. */
export interface FoundAnchor {
  readonly anchor: Anchor;
  readonly where: string;
}

/** What one place outside Redis says of the trail. */
export interface AnchorSource {
  /** Such as `Slack channel C0123`. */
  readonly name: string;
  readonly anchors: readonly FoundAnchor[];
  /** What is in the place of an anchor and is none, each in a sentence. */
  readonly findings: readonly string[];
  /** Why it could not be read, or not to its end. */
  readonly error?: string;
}
