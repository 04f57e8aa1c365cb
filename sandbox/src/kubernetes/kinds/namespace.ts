import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';

export const namespaceSchema = kubernetesObjectSchema.extend({
  spec: z.looseObject({ finalizers: z.array(z.string()).optional() }).prefault({}),
  status: z.looseObject({ phase: z.string().default('Active') }).prefault({}),
});
