/** A record's number and hash, kept where nobody who can write Redis can write: it reveals later changes of the trail. */
export interface Anchor {
  readonly seq: number;
  /** SHA-256 in hex: all 64 digits, or the first 20 as the audit channel has them. */
  readonly hash: string;
}

/** Hex digits of a hash that people are shown: 80 bits, so that nobody can forge another record with the same digits. */
const SHORT_HASH_HEX_DIGITS = 20;

/** The shortened hash that the audit channel shows. */
export function shortHash(hash: string): string {
  return hash.slice(0, SHORT_HASH_HEX_DIGITS);
}

/** Whether two hashes agree in all digits that both have; neither is shorter than 20 digits. */
export function sameHash(one: string, other: string): boolean {
  const digits = Math.min(one.length, other.length);
  return digits >= SHORT_HASH_HEX_DIGITS && one.slice(0, digits) === other.slice(0, digits);
}

/** The form that `audit verify --anchor` accepts. */
export function anchorText({ seq, hash }: Anchor): string {
  return `${seq}:${hash}`;
}

/** Undefined for any text that is not `SEQ:HASH`. */
export function readAnchor(text: string): Anchor | undefined {
  const groups = /^(?<seq>[1-9]\d{0,14}):(?<hash>[0-9a-f]{20}|[0-9a-f]{64})$/.exec(text)?.groups;
  return groups === undefined ? undefined : { seq: Number(groups.seq), hash: groups.hash ?? '' };
}

/** An anchor, with the place where it was found, in words. */
export interface FoundAnchor {
  readonly anchor: Anchor;
  readonly where: string;
}

/** What one place outside Redis says about the trail. */
export interface AnchorSource {
  /** Such as `Slack channel C0123`. */
  readonly name: string;
  readonly anchors: readonly FoundAnchor[];
  /** Entries that should be an anchor and are not, each in a sentence. */
  readonly findings: readonly string[];
  /** Why it could not be read, or not completely. */
  readonly error?: string;
}
