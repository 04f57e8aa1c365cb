import { z } from 'zod';
import { podSpecSchema } from './pod-spec.ts';

const templateMetadata = z.looseObject({
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

export const podTemplateSchema = z.looseObject({
  metadata: templateMetadata.prefault({}),
  spec: podSpecSchema.prefault({}),
});

export type PodTemplate = z.infer<typeof podTemplateSchema>;
