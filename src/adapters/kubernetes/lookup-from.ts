import { z } from 'zod';
import type { KeyWriter, Lookup } from '../../domain/bgp/snapshot.ts';
import { ownerOf } from './owner-of.ts';

/** Validated without a copy: a lookup may have ten thousand keys. */
export const texts = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string'),
);

const managedSchema = z.object({
  manager: z.string().optional(),
  operation: z.string().optional(),
  time: z.coerce.string().optional(),
  fieldsV1: z.record(z.string(), z.unknown()).optional(),
});

export const configMapSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: texts.optional(),
    annotations: texts.optional(),
    managedFields: z.array(managedSchema).nullish(),
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).nullish(),
  }),
  immutable: z.boolean().optional(),
  data: texts.nullish(),
  binaryData: texts.nullish(),
});

export type ConfigMap = z.infer<typeof configMapSchema>;

/** Annotation of a lookup: `SEQ:HASH` of the record that announced its last write. */
export const ANCHOR_ANNOTATION = 'tor-bgp-bot/audit-anchor';

/** Converts a ConfigMap to a lookup. */
export function lookupFrom({ metadata, immutable, data, binaryData }: ConfigMap): Lookup {
  const written = writtenBy(metadata.managedFields ?? []);
  let writers: Lookup['writers'] | undefined;
  const binaryKeys = Object.keys(binaryData ?? {});
  const anchor = metadata.annotations?.[ANCHOR_ANNOTATION];
  const owner = ownerOf({
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    ownerReferences: metadata.ownerReferences ?? [],
    managers: (metadata.managedFields ?? []).map(({ manager = 'somebody', operation, fieldsV1 }) => ({
      manager,
      operation,
      ofData: fieldsV1?.['f:data'] !== undefined,
    })),
  });
  return {
    name: metadata.name,
    uid: metadata.uid,
    immutable: immutable ?? false,
    data: data ?? {},
    ...(binaryKeys.length === 0 ? {} : { binaryKeys }),
    get writers() {
      writers ??= writersOf(written);
      return writers;
    },
    bytes: bytesOf(data ?? {}, 'utf8') + bytesOf(binaryData ?? {}, 'base64'),
    ...(anchor === undefined ? {} : { anchor }),
    ...(owner === undefined ? {} : { owner }),
  };
}

function bytesOf(data: Texts, encoding: 'utf8' | 'base64'): number {
  return Object.keys(data).reduce(
    (sum, key) => sum + Buffer.byteLength(key) + Buffer.byteLength(data[key] ?? '', encoding),
    0,
  );
}

/** The keys that one field manager wrote, as one text: ten thousand objects would take more memory than the lookup. */
interface Written {
  readonly writer: KeyWriter;
  /** Joined by line feeds, which no key contains. */
  readonly keys: string;
}

/** Reads the owner of each key from `fieldsV1`: `f:KEY` below `f:data`. */
function writtenBy(entries: readonly z.infer<typeof managedSchema>[]): readonly Written[] {
  return entries.flatMap(({ manager = 'somebody', time = '', fieldsV1 }) => {
    const data = fieldsV1?.['f:data'];
    if (typeof data !== 'object' || data === null) return [];
    const at = Number.isNaN(Date.parse(time)) ? time : new Date(time).toISOString();
    const keys = Object.keys(data).flatMap((field) => (field.startsWith('f:') ? field.slice(2) : []));
    return [{ writer: { manager, at }, keys: keys.join('\n') }];
  });
}

function writersOf(written: readonly Written[]): Record<string, KeyWriter> {
  return Object.fromEntries(
    written.flatMap(({ writer, keys }) => (keys === '' ? [] : keys.split('\n').map((key) => [key, writer]))),
  );
}

type Texts = Readonly<Record<string, string>>;
