import { z } from 'zod';

const names = z.array(z.string());

const lenientTarget = z.looseObject({
  name: z.string().catch(''),
  bgp: z.unknown().optional(),
  values: z.unknown().optional(),
  valuesPath: z.string().optional().catch(undefined),
});

/** As much of a misshapen policy file as can still be looked at. */
export const LENIENT_POLICY = z.looseObject({
  targets: z.array(lenientTarget).catch([]),
  groups: z
    .record(z.string(), z.looseObject({ users: names.catch([]), userGroups: names.catch([]) }))
    .catch({}),
  rules: z
    .array(
      z.looseObject({
        commands: names.catch([]),
        targets: names.catch(['*']),
        ask: names.catch([]),
        approve: z.union([names, z.record(z.string(), z.number())]).catch([]),
        approvals: z.number().optional().catch(undefined),
        breakGlass: names.catch([]),
      }),
    )
    .catch([]),
  freezes: z.array(z.looseObject({ targets: names.catch(['*']), commands: names.catch(['*']) })).catch([]),
});

export type LenientTarget = z.output<typeof lenientTarget>;
export type LenientPolicy = z.output<typeof LENIENT_POLICY>;
