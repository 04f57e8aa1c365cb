import pino from 'pino';
import { loadRegistry } from '../commands/registry.ts';
import { loadConfig } from '../config/load.ts';
import { readVersion } from '../config/version.ts';
import { compose } from './compose.ts';

/** What sysexits.h calls EX_CONFIG. */
export const CONFIG_FAULT = 78;

/** What sysexits.h calls EX_UNAVAILABLE: worth starting again, as Kubernetes does. */
const UNREACHABLE = 69;

const STOP_WITHIN_MS = 20_000;

/** `tor-bgp-bot serve`: runs until SIGTERM or SIGINT, then finishes what it has in hand. Resolves to the exit code. */
export async function serve(): Promise<number> {
  const registry = await loadRegistry();
  const loaded = loadConfig(registry.commands.map(({ verb }) => verb));
  if (loaded.kind === 'faulty') {
    process.stderr.write(`${loaded.report}\n`);
    return CONFIG_FAULT;
  }
  const { logLevel, audit } = loaded.environment;
  // Records and log lines never mix: whoever reads records from standard output reads nothing else there.
  const log = pino({ level: logLevel, base: null }, pino.destination(audit.stream === 'stdout' ? 2 : 1));
  // Asked for before anything starts, so that a signal in the middle of the start still ends it in order.
  const ended = nextSignal();
  const setting = { ...loaded, registry, log, version: readVersion() };
  const running = await compose(setting).catch((error: unknown) => ({ kind: 'unreachable' as const, error }));
  if (running.kind === 'unreachable') {
    const why = running.error instanceof Error ? running.error.message : String(running.error);
    process.stderr.write(`The bot cannot start: ${why}\nWhat to do about it: tor-bgp-bot doctor\n`);
    return UNREACHABLE;
  }
  if (running.kind === 'faulty') {
    process.stderr.write(`${running.report}\n`);
    return CONFIG_FAULT;
  }
  log.info({ opsPort: running.opsPort }, 'ready');
  const signal = await ended;
  log.info({ signal }, 'stopping');
  void nextSignal().then((again) => {
    log.warn({ signal: again }, 'stopped at once');
    process.exit(1);
  });
  await running.stop(STOP_WITHIN_MS);
  log.info('stopped');
  return 0;
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    const take = (signal: string): void => {
      process.off('SIGTERM', take);
      process.off('SIGINT', take);
      resolve(signal);
    };
    process.on('SIGTERM', take);
    process.on('SIGINT', take);
  });
}
