import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const TOP = fileURLToPath(new URL('..', import.meta.url));

/** Which rooms a room may import, beside itself; see docs/decisions/0001-rooms-and-arrows.md. */
const DOMAIN = [
  'domain',
  'domain/zebos',
  'domain/bgp',
  'domain/policy',
  'domain/change',
  'domain/checks',
  'domain/authorization',
  'domain/audit',
  'domain/drift',
  'domain/map',
];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  'domain/zebos': [],
  'domain/bgp': ['domain', 'domain/zebos'],
  'domain/policy': ['domain', 'domain/bgp'],
  'domain/change': ['domain', 'domain/bgp', 'domain/policy'],
  'domain/checks': ['domain', 'domain/zebos', 'domain/bgp', 'domain/change'],
  'domain/authorization': ['domain', 'domain/bgp', 'domain/policy', 'domain/change'],
  'domain/audit': ['domain', 'domain/change'],
  'domain/drift': ['domain', 'domain/bgp', 'domain/change'],
  'domain/map': ['domain', 'domain/bgp'],
  ports: DOMAIN,
  config: DOMAIN,
  commands: [...DOMAIN, 'ports'],
  workflow: [...DOMAIN, 'ports', 'commands'],
  'workflow/execution': [...DOMAIN, 'ports', 'commands', 'workflow'],
  'workflow/decisions': [...DOMAIN, 'ports', 'commands', 'workflow', 'workflow/execution'],
  'workflow/requests': [
    ...DOMAIN,
    'ports',
    'commands',
    'workflow',
    'workflow/execution',
    'workflow/decisions',
  ],
  'workflow/drift': [...DOMAIN, 'ports', 'commands', 'workflow'],
  'workflow/audit': [...DOMAIN, 'ports', 'commands', 'workflow'],
  'adapters/slack': [
    ...DOMAIN,
    'adapters/http-limits.ts',
    'ports',
    'workflow',
    'workflow/requests',
    'workflow/decisions',
  ],
  'adapters/bullmq': [...DOMAIN, 'ports', 'workflow', 'workflow/execution'],
  'adapters/redis': [...DOMAIN, 'ports'],
  'adapters/kubernetes': [...DOMAIN, 'ports'],
  'adapters/pictures': [...DOMAIN, 'ports'],
  'adapters/process.ts': [...DOMAIN, 'ports'],
  'adapters/http-limits.ts': [],
  cli: [
    ...DOMAIN,
    'cli/compose.ts',
    'ports',
    'config',
    'commands',
    'workflow',
    'workflow/requests',
    'workflow/audit',
    'workflow/drift',
    'workflow/execution',
    'adapters/slack',
    'adapters/kubernetes',
    'adapters/redis',
    'adapters/process.ts',
    'adapters/http-limits.ts',
  ],
  'cli/compose.ts': ['*'],
  'cli.ts': ['cli', 'cli/compose.ts'],
};

/** What the pure rooms may take from outside: no clock, no randomness, no network, no files. */
const PURE_PACKAGES = ['node:crypto', 'canonicalize', 'ipaddr.js', 'zod', 'fastest-levenshtein'];
const CLOCKS =
  /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\btimers\/promises\b|\bMath\.random\(|\brandomUUID\(|\bsetTimeout\(|\bprocess\./;

interface Import {
  readonly from: string;
  readonly to: string;
}

/** The files of a folder with source code, with what they import. */
interface House {
  readonly top: string;
  readonly files: readonly string[];
  readonly imports: readonly Import[];
}

const src = houseOf('src');
const sandbox = houseOf('sandbox/src');
const page = houseOf('sandbox/page');

describe('the house', () => {
  test('has rooms, and every file stands in one of them', () => {
    expect(src.files.length).toBeGreaterThan(50);
    expect(src.files.filter((file) => MAY_IMPORT[roomOf(file)] === undefined)).toEqual([]);
  });

  test('arrows point one way only', () => {
    const wrong = src.imports.filter(({ from, to }) => {
      if (!to.startsWith('.')) return false;
      const [here, there] = [roomOf(from), roomOf(targetOf(src, from, to))];
      const allowed = MAY_IMPORT[here] ?? [];
      return here !== there && !allowed.includes('*') && !allowed.includes(there);
    });
    expect(wrong).toEqual([]);
  });

  test.each([['src', src] as const, ['sandbox', sandbox] as const, ["the sandbox's page", page] as const])(
    'no circles in %s',
    (_, house) => {
      expect(findCircle(house)).toBeUndefined();
    },
  );

  test('the pure rooms know no clock, no randomness, no SDK', () => {
    const sdks = src.imports.filter(
      ({ from, to }) => isPure(from) && !to.startsWith('.') && !PURE_PACKAGES.includes(to),
    );
    expect(sdks).toEqual([]);
    expect(src.files.filter((file) => isPure(file) && CLOCKS.test(sourceOf(src, file)))).toEqual([]);
  });

  test('what carries changes out gets time and randomness as arguments, so that a test can drive it', () => {
    const execution = src.files.filter((file) => roomOf(file) === 'workflow/execution');
    expect(execution.length).toBeGreaterThan(5);
    expect(execution.filter((file) => CLOCKS.test(sourceOf(src, file)))).toEqual([]);
  });

  test('only config reads the environment', () => {
    const readers = src.files.filter((file) => /process\.env/.test(sourceOf(src, file)));
    expect(readers.filter((file) => roomOf(file) !== 'config')).toEqual([]);
  });

  test('no SDK outside its adapter', () => {
    const rooms: Readonly<Record<string, readonly string[]>> = {
      '@slack/': ['adapters/slack', 'cli'],
      '@kubernetes/': ['adapters/kubernetes'],
      '@resvg/': ['adapters/pictures'],
      bullmq: ['adapters/bullmq'],
      ioredis: ['adapters/redis', 'adapters/bullmq'],
    };
    const misplaced = src.imports.filter(({ from, to }) =>
      Object.entries(rooms).some(([sdk, allowed]) => to.startsWith(sdk) && !allowed.includes(roomOf(from))),
    );
    expect(misplaced).toEqual([]);
  });

  test('no file is longer than 250 lines, none is a drawer', () => {
    for (const house of [src, sandbox, page]) {
      expect(house.files.filter((file) => sourceOf(house, file).split('\n').length > 251)).toEqual([]);
      expect(
        house.files.filter((file) =>
          /(^|\/)(utils?|helpers?|common|shared|manager|types|index)\.tsx?$/.test(file),
        ),
      ).toEqual([]);
    }
  });
});

describe('what production installs', () => {
  test('is all that src imports: no package that only development needs, and nothing of the sandbox', () => {
    expect(src.imports.filter(({ from, to }) => leaves(src, from, to))).toEqual([]);
    expect(undeclared(src, 'package.json')).toEqual([]);
  });

  test('is not needed by the sandbox, which imports nothing of src and has dependencies of its own', () => {
    expect(sandbox.imports.filter(({ from, to }) => leaves(sandbox, from, to))).toEqual([]);
    expect(undeclared(sandbox, 'sandbox/package.json')).toEqual([]);
  });

  test('is not needed by the page either, which knows of the sandbox only its types', () => {
    const outside = page.imports.filter(({ from, to }) => leaves(page, from, to));
    expect(outside.filter(({ from, to }) => !targetOf(page, from, to).startsWith('../src/'))).toEqual([]);
    expect(outside.filter(({ from, to }) => !isTypeImport(page, from, to))).toEqual([]);
    expect(undeclared(page, 'sandbox/package.json')).toEqual([]);
  });
});

/** Imports of packages that are not among the `dependencies` of this manifest. */
function undeclared(house: House, manifest: string): readonly Import[] {
  const { dependencies }: { dependencies: object } = JSON.parse(readFileSync(join(TOP, manifest), 'utf8'));
  const declared = Object.keys(dependencies);
  return house.imports.filter(
    ({ to }) =>
      !to.startsWith('.') &&
      !builtinModules.includes(to.replace(/^node:/, '')) &&
      !declared.includes(packageOf(to)),
  );
}

function leaves(house: House, from: string, to: string): boolean {
  return to.startsWith('.') && targetOf(house, from, to).startsWith('..');
}

/** `import type`, which is gone when the program runs. */
function isTypeImport(house: House, from: string, to: string): boolean {
  return new RegExp(`^(import|export) type [^;]*?from '${to.replaceAll('.', '\\.')}'`, 'm').test(
    sourceOf(house, from),
  );
}

function houseOf(folder: string): House {
  const top = join(TOP, folder);
  const files = readdirSync(top, { recursive: true })
    .map(String)
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'));
  return { top, files, imports: files.flatMap((file) => importsOf(top, file)) };
}

function sourceOf({ top }: Pick<House, 'top'>, file: string): string {
  return readFileSync(join(top, file), 'utf8');
}

function importsOf(top: string, file: string): Import[] {
  const statements = sourceOf({ top }, file).matchAll(
    /^(?:import|export)\s[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...statements].map((match) => ({ from: file, to: match[1] ?? match[2] ?? match[3] ?? '' }));
}

/** `domain/bgp`, `adapters/slack`, `workflow`; a file with arrows of its own is a room by itself. */
function roomOf(file: string): string {
  if (MAY_IMPORT[file] !== undefined) return file;
  const [first = '', second = '', ...deeper] = file.split('/');
  const inside = first === 'adapters' || ((first === 'domain' || first === 'workflow') && deeper.length > 0);
  return inside ? `${first}/${second}` : first;
}

function targetOf({ top }: House, from: string, to: string): string {
  return relative(top, resolve(top, dirname(from), to));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isPure(file: string): boolean {
  return /^(domain|ports)\//.test(file);
}

function findCircle(house: House): readonly string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to } of house.imports) {
    if (to.startsWith('.')) next.set(from, [...(next.get(from) ?? []), targetOf(house, from, to)]);
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
  for (const file of house.files) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
