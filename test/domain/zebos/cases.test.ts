import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readNeighbors } from '../../../src/domain/zebos/read-neighbors.ts';
import { readRunningConfig } from '../../../src/domain/zebos/read-running-config.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { redactSecrets } from '../../../src/domain/zebos/redact.ts';
import { cutsOf } from './capture.ts';

/** Texts of real networks, each with the truth beside it as a network engineer reads it. */
const FOLDER = new URL('cases/', import.meta.url);

function casesOf(kind: string): [name: string, text: string, expected: unknown][] {
  const folder = new URL(`${kind}/`, FOLDER);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => {
      const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
      const { expected } = JSON.parse(read(name.replace(/\.txt$/, '.expected.json')));
      return [name, read(name), expected];
    });
}

/** `established:2` or `down:Idle`, by peer. */
function sessionsIn(text: string): Record<string, string> {
  const reading = readSummary(text);
  if (!reading.readable) return {};
  return Object.fromEntries(
    [...reading.sessions].map(([peer, { state, prefixesReceived }]) => [
      peer,
      state === 'Established' ? `established:${prefixesReceived}` : `down:${state}`,
    ]),
  );
}

test.each(casesOf('summary'))('the sessions in %s are read as they are', (_, text, expected) => {
  const reading = readSummary(text);
  if (typeof expected === 'string') {
    expect([sessionsIn(text), reading.readable && reading.complete]).toEqual([{}, false]);
  } else if (isUnreadable(expected)) {
    expect(reading).toEqual({ readable: false, why: expect.stringContaining(expected.why_contains) });
  } else expect(sessionsIn(text)).toEqual(expected);
});

function isUnreadable(expected: unknown): expected is { readonly why_contains: string } {
  return typeof expected === 'object' && expected !== null && 'why_contains' in expected;
}

test('09: OcNOS writes settings into groups and address families', () => {
  const reading = readRunningConfig(text('config', '09-ocnos-groups-af'));
  if (!reading.readable) throw new Error(reading.why);
  expect(reading).toMatchObject({ maxPathsEbgp: 4, complete: true });
  expect(reading.groups.get('RACK')).toMatchObject({
    bfd: true,
    ebgpMultihop: 10,
    updateSource: 'loopback2',
  });
  expect(reading.groups.get('RACK')?.remoteAs).toBeUndefined();
  expect(reading.members.get('198.51.100.0')).toMatchObject({
    remoteAs: 3535,
    bfd: true,
    ebgpMultihop: 10,
    activated: { ipv4: true },
    shutdown: false,
  });
  expect(reading.members.get('198.51.100.2')).toMatchObject({ remoteAs: 3536, shutdown: true });
});

test('10: FRR as MetalLB configures it, without its password', () => {
  const shown = redactSecrets(text('config', '10-frr-metallb'));
  const reading = readRunningConfig(shown);
  if (!reading.readable) throw new Error(reading.why);
  expect(shown).not.toContain('Fabric-Key-1');
  expect(reading).toMatchObject({ complete: true, isFrr: true });
  expect(reading.members.get('198.51.100.1')).toMatchObject({
    remoteAs: 3535,
    passwordSet: true,
    bfd: true,
    activated: { ipv4: true, ipv6: true },
    routeMapIn: 'in-1',
    routeMapOut: 'out-1',
  });
  expect(reading.members.get('2001:db8:0:1::1')).toMatchObject({
    ebgpMultihop: 255,
    activated: { ipv4: false, ipv6: true },
    anyRemoteAs: 'external',
  });
});

test('12: a session that never came up, and one that is shut down', () => {
  const reading = readNeighbors(text('neighbors', '12-neighbor-page-active-never'));
  if (!reading.readable) throw new Error(reading.why);
  expect(reading.neighbors.get('198.51.100.20')).toMatchObject({ state: 'Active', announcedPrefixes: 0 });
  expect(reading.neighbors.get('198.51.100.20')?.lastReset).toBeUndefined();
  expect(reading.neighbors.get('198.51.100.21')).toMatchObject({
    state: 'Idle',
    detail: 'administratively shut down',
    peerGroup: 'spk-peers',
    notification: 'OPEN Message Error/Bad Peer AS.',
  });
});

test('13: a page of FRR without a word about what is announced', () => {
  const reading = readNeighbors(text('neighbors', '13-frr-neighbor-noafi'));
  if (!reading.readable) throw new Error(reading.why);
  const { announcedPrefixes, ...first } = reading.neighbors.get('198.51.100.30') ?? {};
  expect(first).toMatchObject({ state: 'Established', acceptedPrefixes: 0 });
  expect(announcedPrefixes).toBeUndefined();
  expect(reading.neighbors.get('198.51.100.31')).toMatchObject({
    state: 'Connect',
    lastReset: { ago: '00:01:36', reason: 'Waiting for peer OPEN' },
  });
});

test.each(casesOf('summary'))(
  '%s, cut anywhere, shows no session in another state than it has',
  (_, whole) => {
    const truth = sessionsIn(whole);
    const wrong: unknown[] = [];
    for (const cut of cutsOf(whole))
      for (const [peer, state] of Object.entries(sessionsIn(cut)))
        if (state.split(':', 1)[0] !== truth[peer]?.split(':', 1)[0])
          wrong.push([peer, state, cut.slice(-40)]);
    expect(wrong).toEqual([]);
  },
);

test.each(casesOf('neighbors'))(
  '%s, cut anywhere, shows no neighbor in another state than it has',
  (_, whole) => {
    const statesIn = (page: string): readonly (readonly [string, string | undefined])[] => {
      const reading = readNeighbors(page);
      return reading.readable ? [...reading.neighbors].map(([peer, { state }]) => [peer, state]) : [];
    };
    const truth = new Map(statesIn(whole));
    const wrong = cutsOf(whole).flatMap((cut) =>
      statesIn(cut).filter(([peer, state]) => state !== undefined && truth.get(peer) !== state),
    );
    expect(wrong).toEqual([]);
  },
);

function text(kind: string, name: string): string {
  return readFileSync(new URL(`${kind}/${name}.txt`, FOLDER), 'utf8');
}
