import { z } from 'zod';
import { FORMAT, hashOf } from '../record.ts';
import { exportedRecordSchema } from '../record-schema.ts';

/** A record of any format, as far as the chain needs it. */
export interface TrailRecord {
  readonly v: number;
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  readonly event?: string | undefined;
  readonly change: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface LineOfRecord {
  readonly kind: 'record';
  readonly record: TrailRecord;
  /** The hash that its content has, whatever it says itself. */
  readonly actual: string;
  /** Whether the line is, byte for byte, what the bot writes for it. */
  readonly exact: boolean;
}

export type Line = LineOfRecord | { readonly kind: 'unreadable'; readonly why: string };

/** Reads one line of an export, with its line feed or without; undefined is a line that is no text. */
export function readLine(line: string | undefined): Line {
  if (line === undefined) return { kind: 'unreadable', why: 'it is not UTF-8, or far too long' };
  if (line.trim() === '') return { kind: 'unreadable', why: 'it is empty' };
  try {
    const value: unknown = JSON.parse(line);
    const record = exportedRecordSchema.safeParse(value).data ?? laterRecordSchema.safeParse(value).data;
    if (typeof value !== 'object' || value === null || record === undefined)
      return { kind: 'unreadable', why: 'it is not what a record looks like' };
    // The last line of a file may have lost its line feed to an editor: that changes no record.
    const exact = JSON.stringify(value) === line.replace(/\n$/, '');
    return { kind: 'record', record, actual: hashOf(value), exact };
  } catch {
    // Broken JSON, nested too deep, or a lone surrogate, which has no canonical form: no record of ours is like that.
    return { kind: 'unreadable', why: 'it is no JSON that the bot would write' };
  }
}

/** Of a record of a later format nothing is known but what the chain needs. */
const laterRecordSchema = z.object({
  v: z.int().min(FORMAT + 1),
  seq: exportedRecordSchema.shape.seq,
  prev: exportedRecordSchema.shape.prev,
  hash: exportedRecordSchema.shape.hash,
  event: z.string().optional().catch(undefined),
  change: z.string().nullable().catch(null),
  data: z.record(z.string(), z.unknown()).catch({}),
});
