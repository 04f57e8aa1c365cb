import type { Change } from '../../src/domain/change/change.ts';
import type { ChangeEvent } from '../../src/domain/change/events.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import type { World } from './world.ts';

const NODE = 'worker1.rack.example.com';

/** Gives worker1 another router. */
export const ROTATE = `rotate ${NODE} 10.20.1.9`;

/** A rotation that Alice requested, Bob approved and a worker began. */
export async function runningRotation(world: World): Promise<Change> {
  const change = await world.alice.propose(ROTATE);
  await world.bob.decide('approve', change);
  return move(world, change, { kind: 'start', atMs: 0 });
}

/** The same once it wrote its mapping and halted. */
export async function haltedRotation(world: World): Promise<Change> {
  const change = await runningRotation(world);
  const step = { kind: 'write', lookup: 'spk-tor-bgp', node: NODE } as const;
  const atMs = world.clock.now();
  await move(world, change, { kind: 'intend', step, atMs });
  world.cluster.edit('spk-tor-bgp', NODE, '10.20.1.9', 'tor-bgp-bot');
  await move(world, change, { kind: 'complete', step, atMs, found: 'written' });
  const outcome = { reasonCode: 'session_down', sentence: 'It did not come up.', atMs } as const;
  return move(world, change, { kind: 'end', state: 'halted', outcome });
}

/** Has the bot move a change as it is now; throws when it cannot. */
export async function move(world: World, { id }: Pick<Change, 'id'>, event: ChangeEvent): Promise<Change> {
  const committed = await world.dependencies.ledger.commit(await world.change(id), event, 'bot');
  if (isRefusal(committed)) throw new Error(`${event.kind} of ${id}: ${committed.sentence}`);
  return committed.change;
}
