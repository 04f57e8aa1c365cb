import { z } from 'zod';
import type { ControlRoute } from './slack/control/route.ts';
import type { Routers } from './zebos/routers.ts';

const bodySchema = z.object({
  address: z.string(),
  up: z.boolean().optional(),
  bfd: z.boolean().optional(),
  shutdown: z.boolean().optional(),
});

/**
 * `POST /_control/routers {address, up?, bfd?, shutdown?}`: breaks a rack router on purpose, or its BFD, or shuts it down
 * as a neighbor in all TMMs; or brings it back.
 */
export function routerRoute(routers: Routers): ControlRoute {
  return {
    method: 'POST',
    name: 'routers',
    handle({ body }) {
      const parsed = bodySchema.safeParse(body);
      if (!parsed.success) return { ok: false, error: 'give {"address": "10.20.1.1", "up": false}' };
      try {
        const { address, up, bfd, shutdown } = parsed.data;
        if (up !== undefined) routers.set(address, up);
        if (bfd !== undefined) routers.setBfd(address, bfd);
        if (shutdown !== undefined) routers.setShutDown(address, shutdown);
      } catch (error) {
        return { ok: false, error: error instanceof Error ? error.message : 'unknown' };
      }
      return { ok: true, ...parsed.data };
    },
  };
}
