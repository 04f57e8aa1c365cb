import { z } from 'zod';

export const conditionSchema = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastTransitionTime: z.string().optional(),
});

export type Condition = z.infer<typeof conditionSchema>;

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

/** The list with this condition set; the time of transition moves only when its status does. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  wanted: Condition,
  now: string,
): Condition[] {
  const before = conditions?.find(({ type }) => type === wanted.type);
  const kept = before?.status === wanted.status ? before.lastTransitionTime : undefined;
  const set = { lastTransitionTime: kept ?? now, ...wanted };
  const others = (conditions ?? []).filter(({ type }) => type !== wanted.type);
  return before === undefined
    ? [...others, set]
    : (conditions ?? []).map((condition) => (condition === before ? set : condition));
}
