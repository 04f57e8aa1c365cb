import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';
import { conditionSchema } from './condition.ts';
import { intOrPercent } from './int-or-percent.ts';
import { labelSelectorSchema } from './pod-spec.ts';

export const disruptionBudgetSchema = kubernetesObjectSchema.extend({
  spec: z
    .looseObject({
      selector: labelSelectorSchema.optional(),
      minAvailable: intOrPercent.optional(),
      maxUnavailable: intOrPercent.optional(),
    })
    .prefault({}),
  status: z
    .looseObject({
      observedGeneration: z.int().optional(),
      disruptionsAllowed: z.int().default(0),
      currentHealthy: z.int().default(0),
      desiredHealthy: z.int().default(0),
      expectedPods: z.int().default(0),
      disruptedPods: z.record(z.string(), z.string()).optional(),
      conditions: z.array(conditionSchema).optional(),
    })
    .prefault({}),
});

export type DisruptionBudget = z.infer<typeof disruptionBudgetSchema>;
