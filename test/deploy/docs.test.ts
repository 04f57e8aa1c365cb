import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadRegistry } from '../../src/commands/registry.ts';
import { EVENTS } from '../../src/domain/audit/record.ts';
import { CHANGE_STATES } from '../../src/domain/change/change.ts';
import { command as ping } from './contributing/ping.ts';

const registry = await loadRegistry();
const verbs = registry.commands.map(({ verb }) => verb);

describe('the documentation', () => {
  test('README lists every command there is, and no other', () => {
    const listed = section(read('README.md'), '## What you can type')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([a-z-]+)[^`]*`/g)])
      .map(([, verb = '']) => verb);
    expect([...new Set(listed)].sort()).toEqual([...verbs].sort());
  });

  test('every command that README, docs and CONTRIBUTING show in a code block can be typed', () => {
    const files = [
      'README.md',
      'CONTRIBUTING.md',
      'docs/approval.md',
      'docs/audit.md',
      'docs/keeping-the-trail.md',
      'docs/operate.md',
      'docs/failure-modes.md',
    ];
    const shown = files.flatMap((file) =>
      [...read(file).matchAll(/\/bgp ([a-z-]+)/g)].map(([, verb = '']) => ({ file, verb })),
    );
    expect(shown.filter(({ verb }) => !verbs.includes(verb))).toEqual([]);
    expect(shown.length).toBeGreaterThan(0);
  });

  test('every picture that README and docs show is there, with words for whoever does not see it', () => {
    const pages = [
      'README.md',
      ...readdirSync(new URL('../../docs', import.meta.url)).map((name) => `docs/${name}`),
    ];
    const shown = pages
      .filter((page) => page.endsWith('.md'))
      .flatMap((page) =>
        [...read(page).matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, words = '', path = '']) => ({
          words: words.length > 40,
          isThere: existsSync(new URL(path, new URL(`../../${page}`, import.meta.url))),
          path,
        })),
      );
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter(({ words, isThere }) => !words || !isThere)).toEqual([]);
  });

  test('docs/audit.md explains every event that the bot records', () => {
    const page = read('docs/audit.md');
    expect(EVENTS.filter((event) => !page.includes(`\`${event}\``))).toEqual([]);
  });

  test('each row of docs/failure-modes.md names a test that there is', () => {
    const rows = read('docs/failure-modes.md')
      .split('\n')
      .filter((line) => /^\| (?!---|what fails)/.test(line));
    expect(rows.length).toBeGreaterThan(15);
    for (const row of rows) {
      const linked = [...row.matchAll(/\]\((\.\.\/test\/[^)]+)\)/g)].map(([, path = '']) => path);
      expect([row.slice(0, 60), linked.length]).toEqual([row.slice(0, 60), 1]);
      for (const path of linked)
        expect([path, existsSync(new URL(`../../docs/${path}`, import.meta.url))]).toEqual([path, true]);
    }
  });

  test('docs/approval.md names every state that a change can be in', () => {
    const page = read('docs/approval.md');
    expect(CHANGE_STATES.filter((state) => !page.includes(`\`${state}\``))).toEqual([]);
  });

  test('CONTRIBUTING.md leads from the envelope to the eviction in at most 20 files, which are there', () => {
    const order = section(read('CONTRIBUTING.md'), '## How to read the code');
    const files = [...order.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(10);
    expect(files.length).toBeLessThanOrEqual(20);
    expect(files.filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)))).toEqual([]);
  });

  test('the example command of CONTRIBUTING.md is one that passes every check', () => {
    const source = read('test/deploy/contributing/ping.ts');
    const example = source.replaceAll("'../../../src/commands/", "'./").replaceAll("'../../../src/", "'../");
    expect(read('CONTRIBUTING.md')).toContain(example.trim());
    expect(ping).toMatchObject({ kind: 'query', verb: 'ping' });
  });
});

function read(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
}

/** What stands below a heading, up to the next one of its level. */
function section(text: string, heading: string): string {
  const [, after = ''] = text.split(`${heading}\n`);
  return after.split('\n## ')[0] ?? '';
}
