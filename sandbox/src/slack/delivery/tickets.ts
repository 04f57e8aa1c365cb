import { randomUUID } from 'node:crypto';

/** A ticket for one connection; it must be used soon. */
export interface Tickets {
  issue(): string;
  /** Whether the ticket was good; it is not any more. */
  redeem(ticket: string | null): boolean;
}

const LIFE_MS = 30_000;

export function openTickets(clock: () => number): Tickets {
  const issued = new Map<string, number>();
  return {
    issue() {
      const ticket = randomUUID();
      issued.set(ticket, clock());
      return ticket;
    },
    redeem(ticket) {
      const at = issued.get(ticket ?? '');
      issued.delete(ticket ?? '');
      return at !== undefined && clock() - at <= LIFE_MS;
    },
  };
}
