import { freePort } from '../../../sandbox/src/free-port.ts';

/** Distinct ports that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
