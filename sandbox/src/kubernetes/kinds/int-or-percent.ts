import { z } from 'zod';

/** A number of pods, or a share of them such as "25%". */
export const intOrPercent = z.union([z.int(), z.string()]);

/** `total` pods of which `value` are meant; a percentage is rounded as asked. */
export function countOf(value: number | string, total: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const share = (Number.parseInt(value, 10) * total) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}
