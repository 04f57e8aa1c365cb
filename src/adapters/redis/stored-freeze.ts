import { z } from 'zod';
import type { DeclaredFreeze } from '../../domain/policy/freeze.ts';

const freeze = z.object({
  reason: z.string(),
  by: z.object({ userId: z.string(), teamId: z.string() }),
  atMs: z.number(),
});

/** A freeze out of the store, checked like anything else that comes from outside. Throws on what is not one. */
export function readStoredFreeze(json: string): DeclaredFreeze {
  return freeze.parse(JSON.parse(json));
}
