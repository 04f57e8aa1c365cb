import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';
import { conditionSchema } from './condition.ts';
import { intOrPercent } from './int-or-percent.ts';
import { labelSelectorSchema } from './pod-spec.ts';
import { podTemplateSchema } from './pod-template.ts';

export const deploymentRollingUpdateSchema = z.looseObject({
  maxSurge: intOrPercent.default('25%'),
  maxUnavailable: intOrPercent.default('25%'),
});

const strategy = z
  .looseObject({
    type: z.string().default('RollingUpdate'),
    rollingUpdate: deploymentRollingUpdateSchema.optional(),
  })
  .transform(({ rollingUpdate: declared, ...rest }) =>
    rest.type === 'RollingUpdate'
      ? { ...rest, rollingUpdate: declared ?? deploymentRollingUpdateSchema.parse({}) }
      : rest,
  );

export const deploymentSchema = kubernetesObjectSchema.extend({
  spec: z
    .looseObject({
      replicas: z.int().default(1),
      selector: labelSelectorSchema.optional(),
      template: podTemplateSchema.prefault({}),
      strategy: strategy.prefault({}),
      minReadySeconds: z.int().optional(),
      revisionHistoryLimit: z.int().default(10),
      progressDeadlineSeconds: z.int().default(600),
      paused: z.boolean().optional(),
    })
    .prefault({}),
  status: z
    .looseObject({
      observedGeneration: z.int().optional(),
      replicas: z.int().optional(),
      updatedReplicas: z.int().optional(),
      readyReplicas: z.int().optional(),
      availableReplicas: z.int().optional(),
      unavailableReplicas: z.int().optional(),
      conditions: z.array(conditionSchema).optional(),
    })
    .prefault({}),
});

export type Deployment = z.infer<typeof deploymentSchema>;
