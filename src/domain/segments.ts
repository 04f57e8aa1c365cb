import { utcMinute } from './times.ts';

/**
 * One piece of a sentence. Only `ours` may ever be read as markup; text of others keeps its kind until it is shown, so that each
 * renderer escapes it in its own way.
 */
export type Segment =
  | { readonly kind: 'ours'; readonly text: string }
  /** What a person typed; shown as a quotation. */
  | { readonly kind: 'typed'; readonly text: string }
  /** Text from a record, which may quote a cluster, a router or a name. */
  | { readonly kind: 'reported'; readonly text: string }
  | { readonly kind: 'person'; readonly userId: string }
  /** An instant, which a chat shows in its reader's time zone; elsewhere `words` are shown, by default the time in UTC. */
  | { readonly kind: 'moment'; readonly atMs: number; readonly words?: string };

type Piece = Segment | readonly Segment[] | undefined;

/** A person, whom a chat mentions by name. */
export function named({ userId }: { readonly userId: string }): Segment {
  return { kind: 'person', userId };
}

/** Builds a sentence: the literal parts are ours, every value between them declares its kind. `undefined` adds nothing. */
export function say(literals: TemplateStringsArray, ...pieces: readonly Piece[]): readonly Segment[] {
  return literals.flatMap((literal, index) => [
    ...(literal === '' ? [] : [ours(literal)]),
    ...segmentsOf(pieces[index]),
  ]);
}

/** Words of ours that are chosen at run time. Never pass text of others. */
export function ours(text: string): Segment {
  return { kind: 'ours', text };
}

/** What a person typed; undefined when none of it is visible. */
export function typed(text: string): Segment | undefined {
  return text.trim() === '' ? undefined : { kind: 'typed', text };
}

/** What a record reports; undefined when none of it is visible. */
export function reported(text: string): Segment | undefined {
  return text.trim() === '' ? undefined : { kind: 'reported', text };
}

/** Words of ours before a piece; nothing when there is no piece. */
export function before(words: string, piece: Piece): readonly Segment[] {
  const segments = segmentsOf(piece);
  return segments.length === 0 ? [] : [ours(words), ...segments];
}

/** A sentence without any markup, on one line: typed text in quotation marks, a person as their id. */
export function plainText(segments: readonly Segment[]): string {
  return segments.map(plainSegment).join('');
}

/** The text on one line: a line break in text of others must not begin a line that looks like ours. */
export function oneLine(text: string): string {
  return withoutLineBreaks(text.trim(), ' ⏎ ');
}

/** Replaces each line break and the blanks around it by `shown`, in linear time even for a long run of blanks. */
export function withoutLineBreaks(text: string, shown: string): string {
  return text.replace(/\s+/g, (gap) => (gap.includes('\n') ? shown : gap));
}

function segmentsOf(piece: Piece): readonly Segment[] {
  if (piece === undefined) return [];
  return 'kind' in piece ? [piece] : piece;
}

function plainSegment(segment: Segment): string {
  switch (segment.kind) {
    case 'ours':
      return segment.text;
    case 'typed':
      return `“${oneLine(segment.text)}”`;
    case 'reported':
      return oneLine(segment.text);
    case 'person':
      return oneLine(segment.userId);
    case 'moment':
      return segment.words ?? `${utcMinute(segment.atMs)} UTC`;
  }
}
