import { z } from 'zod';
import type { ControlRoute } from './slack/control/route.ts';
import type { Routers } from './zebos/routers.ts';

const bodySchema = z.object({ address: z.string(), up: z.boolean() });

/** `POST /_control/routers {address, up}`: breaks a rack router on purpose, or brings it back. */
export function routerRoute(routers: Routers): ControlRoute {
  return {
    method: 'POST',
    name: 'routers',
    handle({ body }) {
      const parsed = bodySchema.safeParse(body);
      if (!parsed.success) return { ok: false, error: 'give {"address": "10.20.1.1", "up": false}' };
      try {
        routers.set(parsed.data.address, parsed.data.up);
      } catch (error) {
        return { ok: false, error: error instanceof Error ? error.message : 'unknown' };
      }
      return { ok: true, ...parsed.data };
    },
  };
}
