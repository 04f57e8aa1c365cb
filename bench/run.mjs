// Measures what has a bound, on the sandbox's real protocols, and prints one line each. Ends by itself; exit code 1 when
// a bound is not held. `npm run bench -- --short` takes two minutes, with the wider bounds of `SHORT_ALLOWS`: it shows, also
// on a busy machine, that everything still works and is of the right order.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CoreV1Api, KubeConfig, Watch } from '@kubernetes/client-node';
import { Redis } from 'ioredis';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../sandbox/dist/sandbox-policy.js';
import { sandboxWorkspace } from '../sandbox/dist/slack/sandbox-workspace.js';
import { startSandbox } from '../sandbox/dist/start-sandbox.js';
import { benchAuditVerify } from './audit-verify.mjs';
import { benchReaders } from './readers.mjs';
import { benchScale } from './scale.mjs';

const short = process.argv.includes('--short');
const COMMANDS = short ? 100 : 400;
const PER_SECOND = 20;
const CHANNELS = 60;
const CLICKS = short ? 6 : 20;
const DOUBLES = short ? 50 : 1_000;
/** By unit, times the bound; what has another unit does not depend on the machine. */
const SHORT_ALLOWS = { ms: 3, s: 3, MiB: 1.25 };
const NODE = 'worker4.rack.example.com';

const channels = Array.from({ length: CHANNELS }, (_, index) => `C1BENCH${String(index).padStart(2, '0')}`);
const [first] = sandboxWorkspace.channels;
const workspace = {
  ...sandboxWorkspace,
  channels: [
    ...sandboxWorkspace.channels,
    ...channels.map((id) => ({ ...first, id, name: id.toLowerCase() })),
  ],
};
const policy = parse(sandboxPolicy());
policy.channels.push(...channels);

const folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-bench-'));
const startedAtMs = performance.now();
const sandbox = await startSandbox({
  port: 0,
  kubePort: 0,
  folder,
  program: 'dist/cli.js',
  workspace,
  policy: stringify(policy),
  // One person types for all of them.
  environment: async () => ({ REQUESTS_PER_MINUTE: '0' }),
});
const results = [];
try {
  report('sandbox ready', (performance.now() - startedAtMs) / 1000, 5, 's');
  await sleep(short ? 3_000 : 10_000);
  report('bot idle', residentMiB(), 150, 'MiB');
  await commands();
  await clicks();
  await doubles();
  report('bot after the load', residentMiB(), 250, 'MiB');
} finally {
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
}
benchReaders(report);
await benchAuditVerify(report);
await benchScale(report);
process.exit(results.every((held) => held) ? 0 : 1);

/** 20 commands a second, each in the next channel: how soon they are acknowledged, and how soon the card stands. */
async function commands() {
  const { control } = sandbox.slack;
  const acks = [];
  const sent = [];
  const asked = [];
  for (let index = 0; index < COMMANDS; index += 1) {
    const channel = channels[index % CHANNELS];
    const atMs = Date.now();
    sent.push({ channel, atMs });
    asked.push(
      control
        .command({
          channel,
          user: 'U01ALICE',
          command: '/bgp',
          text: `rotate worker${(index % 3) + 1}.rack.example.com 10.20.9.${(index % 250) + 1}`,
        })
        .then((outcome) => acks.push(outcome.ack_ms ?? Number.POSITIVE_INFINITY)),
    );
    await sleep(1000 / PER_SECOND - (Date.now() - atMs));
  }
  await Promise.all(asked);
  await sleep(2_000);
  const cards = sent.map(({ channel, atMs }, index) => {
    const mine = control.messages(channel).filter(({ metadata }) => metadata?.event_type === 'bgp_change');
    const card = mine[Math.floor(index / CHANNELS)];
    return card === undefined ? Number.POSITIVE_INFINITY : Number(card.ts) * 1000 - atMs;
  });
  report(`acknowledged, 99th percentile of ${COMMANDS} at ${PER_SECOND}/s`, percentile(acks, 99), 50, 'ms');
  report('acknowledged, median', percentile(acks, 50), 50, 'ms');
  report('card, 99th percentile', percentile(cards, 99), 300, 'ms');
  report('card, median', percentile(cards, 50), 300, 'ms');
}

/** From the click on Approve to the first write that the API server sees. */
async function clicks() {
  const { control } = sandbox.slack;
  const config = new KubeConfig();
  config.loadFromString(sandbox.cluster.kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const took = [];
  const channel = 'C01CHANGES';
  for (let round = 0; round < CLICKS; round += 1) {
    const mapped = (await core.readNamespacedConfigMap({ name: 'spk-tor-bgp', namespace: 'spk-ingress' }))
      .data?.[NODE];
    const text = mapped === undefined ? `add ${NODE} 10.20.4.1` : `remove ${NODE}`;
    const known = control.messages(channel).length;
    await sleep(1_100);
    await control.command({ channel, user: 'U01ALICE', command: '/bgp', text });
    const card = await until(() =>
      control
        .messages(channel)
        .slice(known)
        .find(({ metadata }) => metadata !== undefined),
    );
    await sleep(1_100);
    const wrote = nextWrite(config);
    await wrote.open;
    const clickedAtMs = performance.now();
    await control.interact({
      channel,
      messageTs: card.ts,
      user: 'U02BOB',
      action: { action_id: 'approve', block_id: 'decide' },
    });
    took.push((await wrote.happened) - clickedAtMs);
    await until(() =>
      control
        .messages(channel)
        .find(({ ts }) => ts === card.ts)
        ?.text.startsWith('✅'),
    );
  }
  report(`click to first effect, median of ${CLICKS}`, percentile(took, 50), 250, 'ms');
  report('click to first effect, worst', Math.max(...took), 1_000, 'ms');
}

/** Two leads approve in the same instant, again and again: how long a decision takes, and that each starts one execution. */
async function doubles() {
  const { control } = sandbox.slack;
  const trail = await openTrail();
  const took = [];
  const started = new Map();
  for (let round = 0; round < DOUBLES; round += 1) {
    const channel = channels[round % CHANNELS];
    const say = (user, text) => control.command({ channel, user, command: '/bgp', text });
    const text = round % 2 === 0 ? `add ${NODE} 10.20.4.7` : `remove ${NODE}`;
    // What the measurements before left of the node is taken away first.
    if (round === 0) await mapping(say, trail, NODE);
    const proposed = trail.next('change.proposed');
    await say('U01ALICE', text);
    const { change } = await proposed;
    const decided = trail.next('change.approved', change);
    const ended = trail.next('change.succeeded', change);
    const clickedAtMs = performance.now();
    const both = Promise.all([say('U02BOB', `approve ${change}`), say('U03CAROL', `approve ${change}`)]);
    took.push((await decided).seenAtMs - clickedAtMs);
    await Promise.all([both, ended]);
  }
  await sleep(2_000);
  for (const { event, change } of trail.seen())
    if (event === 'change.started') started.set(change, (started.get(change) ?? 0) + 1);
  trail.close();
  const twice = [...started.values()].filter((count) => count !== 1).length;
  report(`decision, median of ${DOUBLES} with two approvers at once`, percentile(took, 50), 50, 'ms');
  report(
    `started more or less than once, of ${started.size}`,
    twice + Math.abs(started.size - DOUBLES),
    0,
    'changes',
  );
}

/** Makes sure that the node is in no lookup. */
async function mapping(say, trail, node) {
  const refused = trail.next('request.refused');
  const proposed = trail.next('change.proposed');
  await say('U01ALICE', `remove ${node}`);
  const first = await Promise.race([refused, proposed]);
  if (first.event === 'request.refused') return;
  const ended = trail.next('change.succeeded', first.change);
  await say('U02BOB', `approve ${first.change}`);
  await ended;
  trail.forget();
}

/** The audit trail as it grows, read from Redis like any projection. */
async function openTrail() {
  const redis = new Redis(sandbox.redis.url);
  const [newest] = await redis.xrevrange('{tor-bgp-bot}:records', '+', '-', 'COUNT', 1);
  const waiting = new Set();
  let seen = [];
  let open = true;
  void (async () => {
    for (let last = newest?.[0] ?? '0'; open; ) {
      const found = await redis
        .xread('COUNT', 100, 'BLOCK', 1_000, 'STREAMS', '{tor-bgp-bot}:records', last)
        .catch(() => null);
      const seenAtMs = performance.now();
      for (const [id, [, json]] of found?.[0]?.[1] ?? []) {
        last = id;
        const { event, change } = JSON.parse(json);
        seen.push({ event, change, seenAtMs });
        for (const one of waiting)
          if (one.event === event && (one.change === undefined || one.change === change)) {
            waiting.delete(one);
            one.resolve({ event, change, seenAtMs });
          }
      }
    }
  })();
  return {
    next: (event, change) => new Promise((resolve) => waiting.add({ event, change, resolve })),
    seen: () => seen,
    forget: () => {
      seen = [];
    },
    close() {
      open = false;
      redis.disconnect();
    },
  };
}

function nextWrite(config) {
  let opened;
  const open = new Promise((resolve) => {
    opened = resolve;
  });
  const happened = new Promise((resolve, reject) => {
    const path = '/api/v1/namespaces/spk-ingress/configmaps';
    let controller;
    new Watch(config)
      .watch(
        path,
        { fieldSelector: 'metadata.name=spk-tor-bgp' },
        (type) => {
          if (type !== 'MODIFIED') return;
          resolve(performance.now());
          controller?.abort();
        },
        () => undefined,
      )
      .then((one) => {
        controller = one;
        opened();
      }, reject);
  });
  return { open, happened };
}

async function until(find) {
  for (let waited = 0; waited < 20_000; waited += 5) {
    const found = find();
    if (found) return found;
    await sleep(5);
  }
  throw new Error('it did not happen within 20 s');
}

function residentMiB() {
  const status = readFileSync(`/proc/${sandbox.bot.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

function percentile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil((share / 100) * sorted.length) - 1)] ?? Number.NaN;
}

function report(what, value, usual, unit) {
  const bound = usual * ((short && SHORT_ALLOWS[unit]) || 1);
  const held = value <= bound;
  results.push(held);
  process.stdout.write(
    `${held ? '✓' : '✗'} ${what}: ${shown(value, unit)} ${unit} (bound ${shown(bound, unit)})\n`,
  );
}

function shown(value, unit) {
  return value < 10 && unit === 'ms' ? value.toPrecision(2) : value.toFixed(unit === 's' ? 1 : 0);
}
