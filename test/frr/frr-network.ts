import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult } from '../../sandbox/src/zebos/imish.ts';

const DAEMONS = '/usr/lib/frr';

/** Whether real BGP daemons can run here: Debian's frr, and the right to make network namespaces. */
export function hasFrr(): boolean {
  if (!existsSync(join(DAEMONS, 'bgpd')) || process.getuid?.() !== 0) return false;
  const name = `tbb-${process.pid}-try`;
  const made = spawnSync('ip', ['netns', 'add', name], { stdio: 'ignore' }).status === 0;
  if (made) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
  return made;
}

/** One FRR in a network namespace of its own. */
export interface Frr {
  /** Runs one command of FRR's shell, as whoever is in the container would. */
  vtysh(command: string): CommandResult;
  stop(): void;
}

export interface FrrNetwork {
  /** With zebra and bfdd beside bgpd, because bgpd hears of BFD through zebra alone. */
  start(config: readonly string[], addresses: readonly string[]): Frr;
  stop(): void;
}

/** A bridge to which each FRR is joined: all addresses are 10.0.0.0/8 and 2001:db8::/32, none of them loopback. */
export function openFrrNetwork(): FrrNetwork {
  const folder = mkdtempSync(join(tmpdir(), 'tor-bgp-bot-frr-'));
  chmodSync(folder, 0o755);
  const prefix = `tbb-${process.pid}`;
  const hub = `${prefix}-hub`;
  const running = new Set<Frr>();
  let count = 0;
  ip('netns', 'add', hub);
  ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge');
  ip('-n', hub, 'link', 'set', 'br0', 'up');
  return {
    start(config, addresses) {
      count += 1;
      const place = join(folder, String(count));
      const namespace = `${prefix}-${count}`;
      joinHub(hub, namespace, count, addresses);
      const pids = startDaemons(namespace, place, config);
      const frr: Frr = {
        vtysh: (command) => vtysh(place, command),
        stop() {
          if (!running.delete(frr)) return;
          for (const pid of pids()) process.kill(pid, 'SIGKILL');
          ip('netns', 'del', namespace);
          rmSync(place, { recursive: true, force: true });
        },
      };
      running.add(frr);
      return frr;
    },
    stop() {
      for (const frr of [...running]) frr.stop();
      ip('netns', 'del', hub);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function joinHub(hub: string, namespace: string, count: number, addresses: readonly string[]): void {
  const there = `v${count}`;
  ip('netns', 'add', namespace);
  ip('-n', hub, 'link', 'add', there, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  ip('-n', hub, 'link', 'set', there, 'master', 'br0', 'up');
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  for (const address of addresses)
    ip(
      '-n',
      namespace,
      'addr',
      'add',
      `${address}/${address.includes(':') ? '32' : '8'}`,
      'dev',
      'eth0',
      ...nodad(address),
    );
  ip('-n', namespace, 'link', 'set', 'eth0', 'up');
}

/** An address that is still being looked for cannot be bound to. */
function nodad(address: string): readonly string[] {
  return address.includes(':') ? ['nodad'] : [];
}

function startDaemons(namespace: string, place: string, config: readonly string[]): () => readonly number[] {
  mkdirSync(place, { mode: 0o755 });
  const file = join(place, 'frr.conf');
  writeFileSync(file, `${config.join('\n')}\n`);
  execFileSync('chown', ['-R', 'frr:frr', place]);
  const names = ['zebra', 'bfdd', 'bgpd'] as const;
  for (const name of names) {
    const own = { zebra: [], bfdd: ['--bfdctl', join(place, 'bfdctl')], bgpd: ['-n', '-p', '179'] }[name];
    const shared = [
      '-d',
      '-f',
      file,
      '-i',
      join(place, `${name}.pid`),
      '-z',
      join(place, 'zserv'),
      '--vty_socket',
      place,
    ];
    execFileSync('ip', ['netns', 'exec', namespace, join(DAEMONS, name), ...shared, '-P', '0', ...own], {
      stdio: 'ignore',
    });
  }
  return () => names.map((name) => Number(readFileSync(join(place, `${name}.pid`), 'utf8')));
}

function vtysh(place: string, command: string): CommandResult {
  const { status, stdout, stderr } = spawnSync('vtysh', ['--vty_socket', place, '-c', command], {
    encoding: 'utf8',
  });
  return { stdout, stderr, exitCode: status ?? 1 };
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
