import { z } from 'zod';

const stepSchema = z.union([
  z.object({ kind: z.literal('write'), lookup: z.string(), node: z.string() }),
  z.object({ kind: z.enum(['evict', 'check']), node: z.string(), pod: z.string() }),
]);

/** A step of the journal, as a record holds it, in words that follow "is about to". */
export function stepWords(step: unknown): string {
  const parsed = stepSchema.safeParse(step);
  if (!parsed.success) return 'take a step';
  const { data } = parsed;
  if (data.kind === 'write') return `write ${data.node} in ${data.lookup}`;
  return data.kind === 'evict'
    ? `restart ${data.pod} on ${data.node}`
    : `check BGP after ${data.pod} on ${data.node}`;
}
