import type { Segment } from './segments.ts';

/** A reply, before it becomes blocks of a chat message. Every text in it is plain text. */
export interface Answer {
  readonly title: string;
  readonly parts: readonly Part[];
}

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'note';
      readonly tone: Tone;
      readonly text: string;
      /** The same text as segments where it names people or instants, which a chat shows in its own way. */
      readonly inChat?: readonly Segment[];
    }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'preformatted'; readonly text: string }
  /** Other changes by id, each with a link to its card where that is known. */
  | { readonly kind: 'changes'; readonly label: string; readonly changes: readonly string[] }
  | Picture;

export interface Picture {
  readonly kind: 'picture';
  /** Name of the file, without its extension. */
  readonly name: string;
  /** The text of an SVG file. */
  readonly svg: string;
  /** What it shows, in a sentence, for those who do not see it. */
  readonly alt: string;
  /** A command that answers the same as text, where no picture can be shown. */
  readonly asText: string;
}

export type Tone = 'good' | 'warning' | 'bad' | 'unknown';
