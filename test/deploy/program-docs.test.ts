import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import * as exitCodes from '../../src/cli/exit-codes.ts';
import { metricsText } from '../../src/cli/metrics.ts';
import { REASON_CODES } from '../../src/domain/refusal.ts';
import { runProgram } from '../stories/run-program.ts';

const operate = read('docs/operate.md');

describe('what the documentation says of the program', () => {
  test('each sub-command and option that a page shows is there', async () => {
    const shown = new Map<string, Set<string>>();
    for (const page of ['README.md', ...pagesOf('docs')]) {
      const text = read(page).replaceAll(/\s+/g, ' ');
      for (const [, name = '', rest = ''] of text.matchAll(
        /tor-bgp-bot ((?:audit|policy|manifest) [a-z-]+|serve|doctor)([^`|>]*)/g,
      ))
        shown.set(name, new Set([...(shown.get(name) ?? []), ...(rest.match(/(?<= )--[a-z-]+/g) ?? [])]));
    }
    expect(shown.size).toBeGreaterThanOrEqual(8);
    for (const [name, options] of shown) {
      const { code, out } = await runProgram([...name.split(' '), '--help'], {});
      expect({ name, code }).toEqual({ name, code: 0 });
      for (const option of options) expect(out).toContain(option);
    }
  });

  test('docs/operate.md lists every metric and no other', () => {
    const listed = [...operate.matchAll(/^\| `(tor_bgp_bot_\w+)/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(METRICS.toSorted());
  });

  test('its alert rules are of metrics that there are, and Prometheus takes them', () => {
    const [, text = ''] = /```yaml\n(groups:\n.*?)```/s.exec(operate) ?? [];
    const rules = z
      .object({ groups: z.array(z.object({ rules: z.array(z.looseObject({ expr: z.string() })) })) })
      .parse(parse(text))
      .groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThanOrEqual(5);
    for (const { expr } of rules)
      for (const [name] of expr.matchAll(/tor_bgp_bot_\w+/g)) expect(METRICS).toContain(name);
    const folder = mkdtempSync(join(tmpdir(), 'tor-bgp-bot-rules-'));
    writeFileSync(join(folder, 'rules.yaml'), text);
    const { error, status, stderr } = spawnSync('promtool', ['check', 'rules', join(folder, 'rules.yaml')]);
    rmSync(folder, { recursive: true });
    // Without promtool on this machine, the names above are all that is compared.
    if (error === undefined) expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
  });

  test('its table of exit codes has every one', () => {
    const listed = [...operate.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(exitCodes).sort((one, other) => one - other));
  });

  test('the reason codes of a halt in docs/how-a-change-runs.md are those of the program', () => {
    const [, table = ''] = read('docs/how-a-change-runs.md').split('| reason code | what was seen |');
    const rows =
      table
        .split('\n\n')[0]
        ?.split('\n')
        .filter((line) => line.startsWith('| `')) ?? [];
    const codes = rows.flatMap((row) =>
      [...(row.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, code]) => code),
    );
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => !REASON_CODES.some((known) => known === code))).toEqual([]);
  });
});

describe('a command line that is wrong', () => {
  test.each([
    [['audit', 'verify']],
    [['audit', 'verify', 'trail.jsonl', '--achor', '1:ab']],
    [['audit', 'export', '--since', 'yesterday']],
    [['manifest', 'role', '--namespace']],
    [['rotate', 'worker1']],
    [[]],
  ])('ends with 64, which no check ends with: `%s`', async (args) => {
    const { code, out, err } = await runProgram(args, {});
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain('Usage: tor-bgp-bot');
  });
});

const METRICS = [
  ...metricsText({
    ready: true,
    word: 'ready',
    details: {},
    slack: { silenceMs: 0, refusals: [] },
    redisWritable: true,
    consumers: [],
    workersRunning: true,
    unreadable: 0,
    targets: {},
  }).matchAll(/^# TYPE (\w+)/gm),
].map(([, name = '']) => name);

function pagesOf(folder: string): readonly string[] {
  return readdirSync(fileURLToPath(new URL(`../../${folder}`, import.meta.url)))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

function read(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
}
