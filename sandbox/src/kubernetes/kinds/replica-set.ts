import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';
import { labelSelectorSchema } from './pod-spec.ts';
import { podTemplateSchema } from './pod-template.ts';

export const replicaSetSchema = kubernetesObjectSchema.extend({
  spec: z
    .looseObject({
      replicas: z.int().default(1),
      selector: labelSelectorSchema.optional(),
      template: podTemplateSchema.prefault({}),
      minReadySeconds: z.int().optional(),
    })
    .prefault({}),
  status: z
    .looseObject({
      observedGeneration: z.int().optional(),
      replicas: z.int().default(0),
      readyReplicas: z.int().optional(),
      availableReplicas: z.int().optional(),
    })
    .prefault({}),
});

export type ReplicaSet = z.infer<typeof replicaSetSchema>;
