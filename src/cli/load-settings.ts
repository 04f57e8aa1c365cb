import { type CommandRegistry, loadRegistry } from '../commands/registry.ts';
import { type Loaded, loadConfig } from '../config/load.ts';
import { CONFIG_FAULT } from './exit-codes.ts';

export type Settings = Extract<Loaded, { kind: 'loaded' }> & { readonly registry: CommandRegistry };

/** Commands, environment and policy; undefined, after reporting every fault on standard error, when they are wrong. */
export async function loadSettings(): Promise<Settings | undefined> {
  const registry = await loadRegistry();
  const loaded = loadConfig(registry.commands);
  if (loaded.kind === 'loaded') return { ...loaded, registry };
  reportConfigFaults(loaded.report);
  return undefined;
}

/** Writes the report to standard error, and returns the exit code. */
export function reportConfigFaults(report: string): number {
  process.stderr.write(`${report}\n`);
  return CONFIG_FAULT;
}
