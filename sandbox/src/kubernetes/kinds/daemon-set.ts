import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';
import { intOrPercent } from './int-or-percent.ts';
import { labelSelectorSchema } from './pod-spec.ts';
import { podTemplateSchema } from './pod-template.ts';

export const daemonSetRollingUpdateSchema = z.looseObject({
  maxUnavailable: intOrPercent.default(1),
  maxSurge: intOrPercent.default(0),
});

const updateStrategy = z
  .looseObject({
    type: z.string().default('RollingUpdate'),
    rollingUpdate: daemonSetRollingUpdateSchema.optional(),
  })
  .transform(({ rollingUpdate: declared, ...rest }) =>
    rest.type === 'RollingUpdate'
      ? { ...rest, rollingUpdate: declared ?? daemonSetRollingUpdateSchema.parse({}) }
      : rest,
  );

export const daemonSetSchema = kubernetesObjectSchema.extend({
  spec: z
    .looseObject({
      selector: labelSelectorSchema.optional(),
      template: podTemplateSchema.prefault({}),
      updateStrategy: updateStrategy.prefault({}),
      revisionHistoryLimit: z.int().default(10),
    })
    .prefault({}),
  status: z
    .looseObject({
      observedGeneration: z.int().optional(),
      currentNumberScheduled: z.int().default(0),
      desiredNumberScheduled: z.int().default(0),
      numberMisscheduled: z.int().default(0),
      numberReady: z.int().default(0),
      numberAvailable: z.int().optional(),
      updatedNumberScheduled: z.int().optional(),
    })
    .prefault({}),
});

export type DaemonSet = z.infer<typeof daemonSetSchema>;
