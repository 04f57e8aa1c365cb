import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Which rooms a room may import, beside itself; see docs/decisions/0001-rooms-and-arrows.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ['domain'],
  config: ['domain'],
  inspection: ['domain', 'ports'],
  commands: ['domain', 'ports', 'inspection'],
  workflow: ['domain', 'ports', 'inspection', 'commands'],
  'adapters/slack': ['domain', 'ports', 'workflow'],
  'adapters/bullmq': ['domain', 'ports', 'workflow'],
  'adapters/redis': ['domain', 'ports'],
  'adapters/kubernetes': ['domain', 'ports'],
  'adapters/stdout': ['domain', 'ports'],
  sandbox: ['domain', 'config'],
  cli: [
    'domain',
    'ports',
    'config',
    'commands',
    'workflow',
    'adapters/slack',
    'adapters/kubernetes',
    'adapters/redis',
  ],
  'serve.ts': ['compose.ts', 'config', 'commands'],
  'compose.ts': ['*'],
  'ops-server.ts': ['health.ts'],
  'health.ts': [],
  'cli.ts': ['cli', 'serve.ts', 'sandbox'],
};

/** What the pure rooms may take from outside: no clock, no randomness, no network, no files. */
const PURE_ROOMS = ['domain', 'ports'];
const PURE_PACKAGES = ['node:crypto', 'canonicalize', 'ipaddr.js', 'zod', 'fastest-levenshtein'];
const CLOCKS = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(|\bsetTimeout\(|\bprocess\./;

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(SRC, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts'));
const imports = files.flatMap(importsOf);

describe('the house', () => {
  test('has rooms, and every file stands in one of them', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => MAY_IMPORT[roomOf(file)] === undefined)).toEqual([]);
  });

  test('arrows point one way only', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!to.startsWith('.')) return false;
      const [here, there] = [roomOf(from), roomOf(targetOf(from, to))];
      const allowed = MAY_IMPORT[here] ?? [];
      return here !== there && !allowed.includes('*') && !allowed.includes(there);
    });
    expect(wrong).toEqual([]);
  });

  test('no circles', () => {
    expect(findCircle()).toBeUndefined();
  });

  test('the pure rooms know no clock, no randomness, no SDK', () => {
    const sdks = imports.filter(
      ({ from, to }) => isPure(from) && !to.startsWith('.') && !PURE_PACKAGES.includes(to),
    );
    expect(sdks).toEqual([]);
    expect(files.filter((file) => isPure(file) && CLOCKS.test(sourceOf(file)))).toEqual([]);
  });

  test('only config reads the environment', () => {
    const readers = files.filter((file) => /process\.env/.test(sourceOf(file)));
    expect(readers.filter((file) => !['config', 'sandbox'].includes(roomOf(file)))).toEqual([]);
  });

  test('no SDK outside its adapter', () => {
    const rooms: Readonly<Record<string, readonly string[]>> = {
      '@slack/': ['adapters/slack', 'cli', 'sandbox'],
      '@kubernetes/': ['adapters/kubernetes', 'sandbox'],
      bullmq: ['adapters/bullmq', 'compose.ts'],
      ioredis: ['adapters/redis', 'adapters/bullmq', 'compose.ts', 'sandbox'],
    };
    const astray = imports.filter(({ from, to }) =>
      Object.entries(rooms).some(([sdk, allowed]) => to.startsWith(sdk) && !allowed.includes(roomOf(from))),
    );
    expect(astray).toEqual([]);
  });

  test('no file is longer than 250 lines, none is a drawer', () => {
    expect(files.filter((file) => sourceOf(file).split('\n').length > 251)).toEqual([]);
    expect(
      files.filter((file) => /(^|\/)(utils?|helpers?|common|shared|manager|types|index)\.ts$/.test(file)),
    ).toEqual([]);
  });

  test('nothing but node and the packages of package.json is imported', () => {
    const manifest: { dependencies: object; devDependencies: object } = JSON.parse(
      readFileSync(join(SRC, '..', 'package.json'), 'utf8'),
    );
    const known = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    const unknown = imports.filter(({ to }) => {
      if (to.startsWith('.') || builtinModules.includes(to.replace(/^node:/, ''))) return false;
      return !known.includes(packageOf(to));
    });
    expect(unknown).toEqual([]);
  });
});

function sourceOf(file: string): string {
  return readFileSync(join(SRC, file), 'utf8');
}

function importsOf(file: string): Import[] {
  const statements = sourceOf(file).matchAll(
    /^(?:import|export)\s[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...statements].map((match) => ({ from: file, to: match[1] ?? match[2] ?? match[3] ?? '' }));
}

function roomOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'adapters' ? `${first}/${second}` : first;
}

function targetOf(from: string, to: string): string {
  return relative(SRC, resolve(SRC, dirname(from), to));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isPure(file: string): boolean {
  return PURE_ROOMS.includes(roomOf(file));
}

function findCircle(): readonly string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) {
    if (to.startsWith('.')) next.set(from, [...(next.get(from) ?? []), targetOf(from, to)]);
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path, file];
    if (done.has(file)) return undefined;
    for (const other of next.get(file) ?? []) {
      const circle = visit(other, [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of files) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
