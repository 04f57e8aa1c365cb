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

export interface Faults {
  inject(fault: InjectedFault): void;
  /** The fault that meets this call, if any; it counts. */
  next(method: string): InjectedFault | undefined;
}

export function openFaults(): Faults {
  const pending: { readonly fault: InjectedFault; left: number }[] = [];
  return {
    inject: (fault) => void pending.push({ fault, left: fault.times }),
    next(method) {
      const found = pending.find((entry) => entry.fault.method === method && entry.left > 0);
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.fault;
    },
  };
}
