import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';

const manifest = z.looseObject({
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
});
const installed = z.looseObject({
  version: z.string().optional(),
  engines: z.looseObject({ node: z.string().optional() }).optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});
const packages = z
  .object({ packages: z.record(z.string(), installed) })
  .parse(readJson('package-lock.json')).packages;

/** The in-process Redis of the sandbox says 22; the sandbox's tests run on 20 as well. */
const SANDBOX_WANTS_MORE = ['node_modules/js-redis-server', 'node_modules/lua-redis-wasm'];

describe.each([
  ['package.json', '', []],
  ['sandbox/package.json', 'sandbox', SANDBOX_WANTS_MORE],
] as const)('what %s brings along', (file, place, known) => {
  const { engines, dependencies } = manifest.parse(readJson(file));
  const lowest = versionOf(engines.node);

  test(`runs on Node ${lowest.join('.')}, the lowest that it asks for`, () => {
    const brought = reached(place);
    expect(brought.length).toBeGreaterThan(Object.keys(dependencies).length);
    const refusing = brought.filter((path) => !admits(packages[path]?.engines?.node ?? '*', lowest));
    expect(refusing.sort()).toEqual([...known]);
  });

  test('is the version that the lock file has', () => {
    for (const [name, version] of Object.entries(dependencies))
      expect({ name, version: packages[`node_modules/${name}`]?.version }).toEqual({ name, version });
  });
});

test.each([
  ['>=20', true],
  ['>= 0.10', true],
  ['>=22', false],
  ['>=20.20', false],
  ['^14.21.3 || >=16', true],
  ['^18 || ^22', false],
  ['6.* || 8.* || >= 10.*', true],
  ['*', true],
])('a range %s admits 20.19: %s', (range, expected) => {
  expect(admits(range, [20, 19, 0])).toBe(expected);
});

/** The places in the lock file of everything that a package of ours needs to run, as Node finds them. */
function reached(from: string): readonly string[] {
  const found = new Set<string>();
  const walk = (place: string): void => {
    const needs = packages[place];
    for (const name of Object.keys({ ...needs?.dependencies, ...needs?.optionalDependencies })) {
      const path = placeOf(name, place);
      if (path === undefined || found.has(path)) continue;
      found.add(path);
      walk(path);
    }
  };
  walk(from);
  return [...found];
}

/** The nearest `node_modules` above that has it; undefined for an optional one that the lock file leaves out. */
function placeOf(name: string, from: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (at === '') return undefined;
    if (!at.includes('node_modules/')) at = '';
  }
}

type Version = readonly [number, number, number];

/** Whether one of the alternatives admits this version; knows `>=`, `^` and bare versions, which is what packages write. */
function admits(range: string, version: Version): boolean {
  return range.split('||').some((alternative) => {
    const words = alternative.trim().replaceAll(/([<>=^~]+)\s+/g, '$1');
    return words.split(/\s+/).every((word) => meets(word, version));
  });
}

function meets(word: string, version: Version): boolean {
  if (word === '' || word === '*') return true;
  const wanted = versionOf(word);
  if (word.startsWith('>=')) return compare(version, wanted) >= 0;
  if (word.startsWith('<')) return compare(version, wanted) < 0;
  if (word.startsWith('^')) return version[0] === wanted[0] && compare(version, wanted) >= 0;
  return version[0] === wanted[0];
}

function versionOf(word: string): Version {
  const [, major, minor, patch] = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(word) ?? [];
  return [Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0)];
}

function compare(left: Version, right: Version): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8'));
}
