import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const COMMAND = 'rotate worker1.rack.example.com 10.20.1.9';
const CHANNEL = 'C01CHANGES';
const [REQUESTER, APPROVER] = ['U01ALICE', 'U02BOB'];
/** How the card reads in the end. */
const SUCCEEDED = '✅ succeeded';
const PODS = 3;
const WITHIN_MS = 60_000;
/** More than the hold time of the sandbox's policy: of younger sessions is asked once more, as after any restart of a TMM. */
const SESSIONS_LAST_MS = 5_000;

/**
 * Carries out one rotation of one pod in the sandbox, with the bot observed. Resolves to `files`, for each file that ran
 * from the command to the success how many of its `functions` ran and whether it `isLoaded` only then; and `requests`, the
 * `method` and `path` of each request to the API server from the approval to the success.
 */
export async function measureRotation({ folder, program, sandbox: sandboxModule }) {
  const { startSandbox } = await import(pathToFileURL(resolve(sandboxModule)).href);
  const scratch = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-house-'));
  let sandbox;
  try {
    const observed = await writeProgram(scratch, { folder, program });
    sandbox = await startSandbox({ port: 0, kubePort: 0, folder: scratch, program: observed });
    await until('all pods are ready', async () => (await readyPods(sandbox.cluster.url)) === PODS);
    await sleep(SESSIONS_LAST_MS);
    await nextPhase(sandbox.bot, scratch, 1);
    const card = await propose(sandbox.slack.control);
    const proposal = await nextPhase(sandbox.bot, scratch, 2);
    await approve(sandbox.slack.control, card);
    const execution = await nextPhase(sandbox.bot, scratch, 3);
    return { files: merged([...proposal.files, ...execution.files]), requests: execution.requests };
  } finally {
    await sandbox?.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The bot's program with `observe-bot.mjs` around it; resolves to its file. */
async function writeProgram(scratch, { folder, program }) {
  const observer = new URL('observe-bot.mjs', import.meta.url).href;
  const [builtUrl, programUrl] = [pathToFileURL(resolve(folder)), pathToFileURL(resolve(program))];
  const file = join(scratch, 'program.mjs');
  await writeFile(
    file,
    `import { observeBot } from ${JSON.stringify(observer)};
     await observeBot(${JSON.stringify({ builtUrl, scratch })});
     await import(${JSON.stringify(programUrl)});`,
  );
  return file;
}

/** What the bot did since the phase before, see `observe-bot.mjs`. */
async function nextPhase({ pid }, scratch, number) {
  const file = join(scratch, `phase-${number}.json`);
  process.kill(pid, 'SIGUSR2');
  await until(`the bot wrote ${file}`, () => existsSync(file));
  return JSON.parse(await readFile(file, 'utf8'));
}

/** Resolves to the card. */
async function propose(control) {
  await control.command({ channel: CHANNEL, user: REQUESTER, command: '/bgp', text: COMMAND });
  await until(`${COMMAND} has a card`, () => cardOf(control) !== undefined);
  return cardOf(control);
}

/** Resolves when the change has succeeded. */
async function approve(control, { ts }) {
  const action = { action_id: 'approve', block_id: 'decide' };
  await control.interact({ channel: CHANNEL, messageTs: ts, user: APPROVER, action });
  await until(`the card says "${SUCCEEDED}"`, () => JSON.stringify(cardOf(control)).includes(SUCCEEDED));
}

function cardOf(control) {
  return control.messages(CHANNEL).find(({ metadata }) => metadata?.event_type === 'bgp_change');
}

async function readyPods(url) {
  const { items } = await (await fetch(`${url}/api/v1/pods`)).json();
  const isReady = ({ type, status }) => type === 'Ready' && status === 'True';
  return items.filter(({ status }) => status?.conditions?.some(isReady)).length;
}

async function until(what, holds) {
  for (const startedAtMs = performance.now(); performance.now() - startedAtMs < WITHIN_MS; await sleep(20))
    if (await holds()) return;
  throw new Error(`measuring a rotation: waited ${WITHIN_MS / 1000} s until ${what}`);
}

function merged(files) {
  const byFile = new Map();
  for (const { file, functions, isLoaded } of files) {
    const known = byFile.get(file) ?? { file, functions: [], isLoaded: false };
    byFile.set(file, {
      file,
      functions: [...new Set([...known.functions, ...functions])],
      isLoaded: known.isLoaded || isLoaded,
    });
  }
  return [...byFile.values()].map(({ functions, ...file }) => ({ ...file, functions: functions.length }));
}
