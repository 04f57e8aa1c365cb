import { asClause } from '../../domain/phrasing.ts';
import { redactSecrets } from '../../domain/zebos/redact.ts';
import type { ImishCommand, ImishOutcome, PodReference } from '../../ports/cluster.ts';
import { apiErrorOf, isNotFound, lacksRight } from './api-error.ts';
import { type ExecOutcome, exec } from './exec.ts';
import { type TargetApi, within } from './target-api.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/**
 * Runs a command in ZebOS of one pod. `knownUid` is the uid under the pod's name by the watch; undefined reads it from the
 * server.
 */
export async function runImish(
  api: TargetApi,
  pod: PodReference,
  command: ImishCommand,
  knownUid: string | undefined,
): Promise<ImishOutcome> {
  const uid = knownUid ?? (await uidNow(api, pod));
  if (typeof uid !== 'string') return { ok: false, why: uid.why };
  if (uid !== pod.uid) return { ok: false, why: `${pod.name} was replaced by another pod of that name` };
  const ask = (lines: readonly string[]): Promise<ExecOutcome> =>
    exec(api.kubeConfig, {
      namespace: pod.namespace,
      pod: pod.name,
      container: api.target.tmm.container,
      command: ['imish', ...lines.flatMap((line) => ['-e', line])],
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      call: api.call,
    });
  const outcome = await ask([command]);
  return answerOf(wantsPrivilege(command, outcome) ? await ask(['enable', command]) : outcome, api, pod);
}

/** Some images show their configuration in privileged mode only, and refuse it otherwise in a line that begins with `%`. */
function wantsPrivilege(command: ImishCommand, outcome: ExecOutcome): boolean {
  if (command !== 'show running-config' || outcome.kind !== 'ended' || outcome.exitCode !== 0) return false;
  const lines = outcome.stdout.split('\n').map((line) => line.trim());
  return (
    lines.some((line) => line.startsWith('% ')) && !lines.some((line) => /^(?:!|end|router )/.test(line))
  );
}

function answerOf(outcome: ExecOutcome, api: TargetApi, pod: PodReference): ImishOutcome {
  switch (outcome.kind) {
    case 'failed':
      return { ok: false, why: outcome.why };
    case 'refused':
      return { ok: false, why: refusedBecause(outcome, api, pod) };
    case 'ended': {
      if (outcome.exitCode === 0) return { ok: true, text: redactSecrets(outcome.stdout) };
      const said =
        redactSecrets(outcome.stderr || outcome.stdout)
          .trim()
          .split('\n')[0] ?? '';
      return {
        ok: false,
        why: `imish ended with exit code ${outcome.exitCode}${said === '' ? '' : `: ${said.slice(0, 200)}`}`,
      };
    }
  }
}

function refusedBecause(
  { code, said }: Extract<ExecOutcome, { kind: 'refused' }>,
  { target: { tmm } }: TargetApi,
  { name, namespace }: PodReference,
): string {
  if (code === 401) return 'the API server rejected the credentials of the bot';
  if (code === 403 && (said === '' || lacksRight(said)))
    return `the bot may not exec in pods of namespace ${namespace}: grant it verbs get and create on pods/exec`;
  if (code === 404 && POD_IS_GONE.test(said)) return `${name} is gone`;
  if (CONTAINER_IS_MISSING.test(said)) return `${name} has no running container ${tmm.container}`;
  return `the API server answered ${code} to exec${said === '' ? '' : `: ${asClause(said)}`}`;
}

// In the words of the API server, or of the kubelet.
const CONTAINER_IS_MISSING = /\bcontainer (?:not found\b|\S+ is not valid\b)/i;
const POD_IS_GONE = /\bpods "[^"]*" not found$|\bpod does not exist\b/i;

async function uidNow(
  { core, call }: TargetApi,
  { name, namespace }: PodReference,
): Promise<string | { readonly why: string }> {
  try {
    return (await core.readNamespacedPod({ name, namespace }, within(call))).metadata?.uid ?? '';
  } catch (error) {
    const apiError = apiErrorOf(error);
    if (apiError.kind === 'silent') return { why: `the API server did not answer: ${apiError.why}` };
    return {
      why: isNotFound(apiError, name) ? `${name} is gone` : `the API server answered ${apiError.code}`,
    };
  }
}
