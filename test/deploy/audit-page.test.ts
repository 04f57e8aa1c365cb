import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'tor-bgp-bot-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const page = readFileSync('docs/audit.md', 'utf8');
const export1 = readFileSync('test/domain/audit/verify/format-1.jsonl', 'utf8');
copyFileSync('test/domain/audit/verify/format-1.public.pem', join(folder, 'audit-public.pem'));

/** The last block of code in this language. */
function blockOf(language: string): string {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].at(-1)?.[1] ?? '';
}

function run(program: string, ...args: string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}` };
}

function installed(...programs: string[]): boolean {
  return programs.every(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined,
  );
}

describe('the page about the audit trail tells an outsider how to check it', () => {
  const recipes = [
    { name: 'Python', program: 'python3', language: 'python', file: 'verify.py' },
    { name: 'Node', program: process.execPath, language: 'js', file: 'verify.mjs' },
  ];
  for (const { name, program, language, file } of recipes) {
    const here = installed(program) ? test : test.skip;
    here(`with ${name}: it agrees with the program on an export, and finds a change and a removal`, () => {
      writeFileSync(join(folder, file), blockOf(language));
      const check = (text: string) => {
        writeFileSync(join(folder, 'trail.jsonl'), text);
        return run(program, file, 'trail.jsonl');
      };
      expect(check(export1)).toMatchObject({
        status: 0,
        text: expect.stringContaining('12 records, whole; compare #12 60de34cf'),
      });
      const changed = check(export1.replace('U02BOB', 'U03BOB'));
      expect(changed.status).toBe(1);
      expect(changed.text).toContain('record 7 was changed');
      const removed = check(
        export1
          .split(/(?<=\n)/)
          .toSpliced(6, 1)
          .join(''),
      );
      expect(removed.status).toBe(1);
      expect(removed.text).toContain('record 8 does not follow record 6');
    });
  }

  const here = installed('jq', 'openssl') ? test : test.skip;
  here('and a signature with jq and OpenSSL', () => {
    writeFileSync(join(folder, 'trail.jsonl'), export1);
    expect(run('sh', '-c', blockOf('sh'))).toMatchObject({
      status: 0,
      text: expect.stringContaining('Verified Successfully'),
    });
  });
});
