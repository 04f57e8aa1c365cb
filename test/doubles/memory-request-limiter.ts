import type { Refusals, RequestLimiter } from '../../src/ports/request-limiter.ts';

/** Nobody ever asks for too much. */
export const noRateLimit: RequestLimiter = {
  consume: async () => ({ kind: 'allowed' }),
  refund: async () => undefined,
};

/** Every refusal gets a record of its own. */
export const everyRefusal: Pick<Refusals, 'note'> = { note: async () => 'record' };
