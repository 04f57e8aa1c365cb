/** A failure on purpose: the next `times` calls of a method get it instead of their answer. */
export interface InjectedFault {
  /** A Web API method, or `response_url`. */
  readonly method: string;
  readonly times: number;
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  readonly retryAfterSec?: number | undefined;
  /** Waits that long first; alone, the call is then answered as usual. */
  readonly delayMs?: number | undefined;
}

/** How Slack's API is as a whole: each call takes seconds, or gets a 503. */
export type SlackService = 'normal' | 'slow' | 'out';

export interface Faults {
  service(): SlackService;
  setService(service: SlackService): void;
  inject(fault: InjectedFault): void;
  /** The fault that meets this call, if any; it counts. */
  next(method: string): InjectedFault | undefined;
}

/** Less than a trigger lives, so that a dialog still opens. */
const SLOW_MS = 2_000;

export function openFaults(): Faults {
  let service: SlackService = 'normal';
  const pending: { readonly fault: InjectedFault; left: number }[] = [];
  return {
    service: () => service,
    setService(wanted) {
      service = wanted;
    },
    inject: (fault) => void pending.push({ fault, left: fault.times }),
    next(method) {
      if (service === 'out') return { method, times: 1, status: 503 };
      const found = pending.find((entry) => entry.fault.method === method && entry.left > 0);
      if (found === undefined) return service === 'slow' ? { method, times: 1, delayMs: SLOW_MS } : undefined;
      found.left -= 1;
      return found.fault;
    },
  };
}
