/**
 * One piece of a sentence. Only `ours` may ever be read as markup; what others wrote keeps its kind until it is shown, so
 * that each way of showing it makes it harmless in its own way.
 */
export type Segment =
  | { readonly kind: 'ours'; readonly text: string }
  /** What a person typed; shown as a quotation. */
  | { readonly kind: 'typed'; readonly text: string }
  /** What stands in a record and may quote a cluster, a router or a name. */
  | { readonly kind: 'reported'; readonly text: string }
  | { readonly kind: 'person'; readonly userId: string }
  /** An instant, which a chat shows in its reader's time; `words` are what stands for it elsewhere, in UTC unless set. */
  | { readonly kind: 'moment'; readonly atMs: number; readonly words?: string };

type Piece = Segment | readonly Segment[] | undefined;

/** A sentence: the literal parts are ours, everything between them has to say what it is. `undefined` leaves nothing. */
export function say(literals: TemplateStringsArray, ...pieces: readonly Piece[]): readonly Segment[] {
  return literals.flatMap((literal, index) => [
    ...(literal === '' ? [] : [ours(literal)]),
    ...segmentsOf(pieces[index]),
  ]);
}

/** Words of ours that are chosen while the program runs. Never give it what somebody else wrote. */
export function ours(text: string): Segment {
  return { kind: 'ours', text };
}

/** What a person typed; nothing when it shows nothing. */
export function typed(text: string): Segment | undefined {
  return text.trim() === '' ? undefined : { kind: 'typed', text };
}

/** What a record reports; nothing when it shows nothing. */
export function reported(text: string): Segment | undefined {
  return text.trim() === '' ? undefined : { kind: 'reported', text };
}

/** Words of ours before a piece, when there is one. */
export function before(words: string, piece: Piece): readonly Segment[] {
  const segments = segmentsOf(piece);
  return segments.length === 0 ? [] : [ours(words), ...segments];
}

/** A sentence without any markup, on one line: what was typed stands in quotation marks, a person is their id. */
export function plainText(segments: readonly Segment[]): string {
  return segments.map(plainSegment).join('');
}

/** A line break in the words of others must not begin a line that looks like ours. */
export function oneLine(text: string): string {
  return withoutLineBreaks(text.trim(), ' ⏎ ');
}

/** `shown` for each line break with the blanks around it, in linear time, also on a long run of blanks. */
export function withoutLineBreaks(text: string, shown: string): string {
  return text.replace(/\s+/g, (gap) => (gap.includes('\n') ? shown : gap));
}

/** `2026-11-03 14:05`, which is UTC. */
export function utcMinute(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
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
