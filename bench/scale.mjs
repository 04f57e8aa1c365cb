// Measures that what the bot does for one node costs the same in a target of 10 nodes and in one of 10,000, against an
// API server with a lookup of nearly 1 MiB. By itself: `node bench/scale.mjs`; with everything else: `npm run bench`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { KubeConfig } from '@kubernetes/client-node';
import { parse, stringify } from 'yaml';
import { reuseConnections } from '../dist/adapters/kubernetes/kube-config.js';
import { openCluster } from '../dist/adapters/kubernetes/open-cluster.js';
import { command as nodes } from '../dist/commands/nodes.js';
import { command as rotate } from '../dist/commands/rotate.js';
import { command as show } from '../dist/commands/show.js';
import { readPolicy } from '../dist/config/read-policy.js';
import { digestOf } from '../dist/domain/change/plan.js';
import { sandboxPolicy } from '../sandbox/dist/sandbox-policy.js';

const FEW = 10;
const MANY = 10_000;
const EVENTS = 1_000;
/** Below this a ratio tells more of the machine than of the program. */
const NOISE_MS = 0.5;
/** What `tor-bgp-bot serve` sets for itself, in src/cli.ts. */
const AS_SERVED = ['--optimize-for-size', '--max-semi-space-size=2'];

/** Prints one line for each thing that has a bound by `report(what, value, bound, unit)`. */
export async function benchScale(report) {
  const few = await measured(FEW);
  const many = await measured(MANY);
  const times = (what, key, most) => {
    const bound = Math.max(most * few[key], NOISE_MS);
    const beside = `${short(few[key])} ms with ${FEW}`;
    report(`${what}, ${MANY.toLocaleString('en')} nodes (${beside})`, many[key], bound, 'ms');
  };
  times('show NODE', 'showMs', 1.5);
  times('processor time of a pod event', 'eventMs', 1.5);
  times('plan of rotate NODE IP', 'planMs', 2);
  times('first page of nodes', 'nodesMs', 2);
  report(`event of a lookup, ${MANY.toLocaleString('en')} nodes, processor time`, many.lookupMs, 400, 'ms');
  report(`memory with ${MANY.toLocaleString('en')} nodes in the cache`, many.residentMiB, 200, 'MiB');
}

/** Each in processes of its own, so that nothing is warm or held from the one before. */
async function measured(count) {
  const server = spawn(process.execPath, [pathOf('api-server.mjs'), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [url] = await once(server.stdout.setEncoding('utf8'), 'data');
    const asked = [...AS_SERVED, pathOf('scale.mjs'), 'measure', url.trim(), String(count)];
    const reader = spawn(process.execPath, asked, { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    reader.stdout.setEncoding('utf8').on('data', (text) => {
      told += text;
    });
    const [code] = await once(reader, 'close');
    if (code !== 0) throw new Error(`measuring ${count} nodes: exit code ${code}`);
    return JSON.parse(told);
  } finally {
    server.kill();
  }
}

async function measure(url, count) {
  const target = oneLookup();
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'bench', server: url, skipTLSVerify: true }, { name: 'bench' });
  const opened = openCluster(target, reuseConnections(config), (why) => process.stderr.write(`${why}\n`));
  // What ZebOS says costs the same everywhere; here it says nothing at once.
  const { snapshot, cachedSnapshot } = opened;
  const cluster = { snapshot, cachedSnapshot, imish: async () => ({ ok: true, text: SUMMARY }) };
  await until(() => opened.cachedSnapshot() !== undefined);
  const name = (at) => `worker${String(at % count).padStart(5, '0')}.rack.example.com`;
  const ask = async (command, ...args) => {
    const answer = await command.read({ verb: command.verb, args, flags: {} })(target, cluster);
    if (answer.parts === undefined) throw new Error(answer.sentence);
    return answer;
  };
  const plan = (at) => {
    const planner = rotate.read({ verb: 'rotate', args: [name(at), `10.200.${at % 200}.1`], flags: {} });
    return digestOf(planner(target, opened.cachedSnapshot()));
  };
  const results = {
    eventMs: await podEvents(url, opened),
    showMs: await usual(60, (at) => ask(show, name(at * 7))),
    planMs: await usual(300, (at) => plan(at * 7)),
    nodesMs: await usual(300, () => ask(nodes)),
    lookupMs: await lookupEvent(url, opened, name(0)),
    residentMiB: residentMiB(),
  };
  opened.close();
  process.stdout.write(JSON.stringify(results));
  process.exit(0);
}

/** Processor time of this process for one event out of many, after as many to warm up. */
async function podEvents(url, cluster) {
  let spent = 0;
  for (const round of ['warm up', 'measured']) {
    const before = cluster.cachedSnapshot();
    const started = process.cpuUsage();
    await fetch(`${url}/_events?pods=${EVENTS}`, { method: 'POST' });
    // The last event is in when nothing moved for a while.
    for (let last = before; last === before || last !== cluster.cachedSnapshot(); ) {
      last = cluster.cachedSnapshot();
      await sleep(150);
    }
    const { user, system } = process.cpuUsage(started);
    if (round === 'measured') spent = (user + system) / 1000 / EVENTS;
  }
  return spent;
}

async function lookupEvent(url, cluster, node) {
  const started = process.cpuUsage();
  await fetch(`${url}/_events?lookup=10.210.0.1`, { method: 'POST' });
  await until(() => cluster.cachedSnapshot()?.lookups.get('spk-tor-bgp')?.data[node] === '10.210.0.1');
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/** The lower quartile of so many times, which leaves out what else the machine does; the first third warms up. */
async function usual(rounds, run) {
  const took = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAtMs = performance.now();
    await run(round);
    if (round >= rounds / 3) took.push(performance.now() - startedAtMs);
  }
  return took.sort((one, other) => one - other)[Math.floor(took.length / 4)];
}

async function until(holds) {
  for (const startedAtMs = performance.now(); !holds(); await sleep(20))
    if (performance.now() - startedAtMs > 60_000) throw new Error('it did not happen within 60 s');
}

/** The sandbox's target with its first lookup only. */
function oneLookup() {
  const policy = parse(sandboxPolicy());
  for (const target of policy.targets)
    target.bgp.neighbors = target.bgp.neighbors.filter(({ nodeLookup }) => nodeLookup === 'spk-tor-bgp');
  const read = readPolicy(stringify(policy));
  if (!('targets' in read)) throw new Error(JSON.stringify(read));
  return read.targets[0];
}

const SUMMARY = `BGP router identifier 10.0.0.1, local AS number 64443
Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
Total number of neighbors 0
`;

function residentMiB() {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024;
}

function pathOf(file) {
  return fileURLToPath(new URL(file, import.meta.url));
}

const [, file, mode, url, count] = process.argv;
if (file === fileURLToPath(import.meta.url)) {
  if (mode === 'measure') await measure(url, Number(count));
  else await alone();
}

function short(value) {
  return Number(value.toPrecision(3));
}

async function alone() {
  let held = true;
  await benchScale((what, value, bound, unit) => {
    held = held && value <= bound;
    process.stdout.write(
      `${value <= bound ? '✓' : '✗'} ${what}: ${short(value)} ${unit} (bound ${short(bound)})\n`,
    );
  });
  process.exit(held ? 0 : 1);
}
