// Measures `audit verify` as a user runs it: how long a long trail takes, and that memory does not grow with it.
// By itself: `node bench/audit-verify.mjs`; with everything else: `npm run bench`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chain, GENESIS } from '../dist/domain/audit/record.js';

const RECORDS = 100_000;

/** Prints one line for each thing that has a bound by `report(what, value, bound, unit)`. */
export async function benchAuditVerify(report) {
  const folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-trail-'));
  try {
    const short = await verified(await written(folder, RECORDS / 10));
    const long = await verified(await written(folder, RECORDS));
    report(`audit verify, ${RECORDS.toLocaleString('en')} records`, long.seconds, 5, 's');
    report(`audit verify, ${RECORDS.toLocaleString('en')} records, memory at most`, long.peakMiB, 150, 'MiB');
    report('audit verify, more memory for ten times the records', long.peakMiB - short.peakMiB, 40, 'MiB');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A trail such as changes leave, 640 bytes a record. */
async function written(folder, count) {
  const file = join(folder, `${count}.jsonl`);
  const out = createWriteStream(file);
  let hash = GENESIS;
  for (let seq = 1; seq <= count; seq += 1) {
    const step = { kind: 'write', lookup: 'spk-tor-bgp', node: `worker${seq % 40}.rack.example.com` };
    const record = chain(
      {
        atMs: 1_700_000_000_000 + seq * 1000,
        event: seq % 9 === 0 ? 'change.proposed' : 'step.done',
        actor: seq % 9 === 0 ? { userId: 'U01ALICE', teamId: 'T01RACK' } : 'bot',
        target: 'rack',
        change: `BGP-${Math.ceil(seq / 9)}`,
        reasonCode: 'done',
        digest: 'b5f1d2fc'.repeat(8),
        data: {
          step,
          found: 'written',
          before: '10.20.1.1',
          after: '10.20.1.9',
          reason: 'the old router goes',
        },
      },
      seq,
      hash,
    );
    hash = record.hash;
    if (!out.write(`${JSON.stringify(record)}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return file;
}

async function verified(file) {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, ['dist/cli.js', 'audit', 'verify', file], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  let peakMiB = 0;
  while (child.exitCode === null) {
    peakMiB = Math.max(peakMiB, peakOf(child.pid));
    await Promise.race([ended, sleep(20)]);
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`audit verify ended with ${code}`);
  return { seconds: (performance.now() - startedAtMs) / 1000, peakMiB };
}

/** The most memory that a process had so far; 0 once it is gone. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return 0;
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await benchAuditVerify((what, value, bound, unit) => {
    if (value > bound) process.exitCode = 1;
    process.stdout.write(
      `${value <= bound ? '✓' : '✗'} ${what}: ${value.toFixed(1)} ${unit} (bound ${bound})\n`,
    );
  });
}
