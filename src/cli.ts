#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { Command, InvalidArgumentError } from 'commander';
import { USAGE } from './cli/exit-codes.ts';
import { readVersion } from './cli/version.ts';

const ISO = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?$/;

const program = new Command('tor-bgp-bot')
  .description('Top-of-Rack BGP procedures of F5 Service Proxy for Kubernetes, from Slack')
  .version(readVersion())
  .showHelpAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE));

program
  .command('serve')
  .description('run the bot; its settings are in the environment, see .env.example')
  .action(async () => {
    // The bot mostly waits: this saves a quarter of V8's memory for a little speed. Set it before anything is loaded.
    setFlagsFromString('--optimize-for-size');
    setFlagsFromString('--max-semi-space-size=2');
    await exit((await import('./cli/serve.ts')).serve());
  });

program
  .command('doctor')
  .description('check settings, policy, Slack, Redis and cluster, and say what to do')
  .action(async () => exit((await import('./cli/doctor.ts')).doctor()));

const audit = program.command('audit').description('the audit trail');
audit
  .command('export')
  .description('all records as JSON lines, on standard output')
  .option('--since <seq or date>', 'from this sequence number on, or from this ISO date on (UTC)', since, 1)
  .option('--change <id>', 'only records of this change')
  .action(async (options: { since: number | Date; change?: string }) =>
    exit((await import('./cli/audit-export.ts')).auditExport(options)),
  );
audit
  .command('verify <file>')
  .description('check an export offline: every byte, and that nothing is missing; - reads standard input')
  .option('--anchor <seq:hash>', 'a record as it was anchored elsewhere; may be repeated', gather, [])
  .option('--public-key <file>', 'check the signatures by this Ed25519 key (PEM)')
  .option('--change <id>', 'the file holds the records of this change only')
  .action(async (file: string, options: { anchor: string[]; publicKey?: string; change?: string }) =>
    exit((await import('./cli/audit-verify.ts')).auditVerify(file, options)),
  );
audit
  .command('anchors')
  .description('read the anchors back from Slack and the cluster, and compare them with the trail')
  .option('--print', 'one SEQ:HASH per line on standard output, for audit verify', false)
  .action(async (options: { print: boolean }) =>
    exit((await import('./cli/audit-anchors.ts')).auditAnchors(options)),
  );

audit
  .command('accept-restore')
  .description(
    'continue after Redis lost records, for example by restoring a backup; earlier approvals become void',
  )
  .requiredOption('--reason <text>', 'what happened, for the audit trail')
  .action(async (options: { reason: string }) =>
    exit((await import('./cli/accept-restore.ts')).acceptTheRestore(options.reason)),
  );

const policy = program.command('policy').description('who may do what');
policy
  .command('explain')
  .description('what the policy decides about a command typed now, and by which rule')
  .requiredOption('--user <id>', 'Slack user id, such as U01ALICE')
  .requiredOption('--command <text>', 'what they would type, such as "rotate worker1.example.com 10.20.1.9"')
  .option('--channel <id>', 'the channel; the first one of the policy when absent')
  .action(async (options: { user: string; command: string; channel?: string }) =>
    exit((await import('./cli/policy-explain.ts')).policyExplain(options)),
  );

const manifest = program.command('manifest').description('manifests for other systems');
manifest
  .command('slack')
  .description("the Slack app's manifest")
  .option('--command <command>', 'the slash command', '/bgp')
  .option('--url <url>', 'where Slack reaches the bot, for HTTP mode')
  .action(async (options: { command: string; url?: string }) =>
    exit((await import('./cli/manifest.ts')).printSlackManifest(options)),
  );
manifest
  .command('role')
  .description('the roles with the least rights that the commands need in the cluster')
  .option('--namespace <namespace>', 'of an SPK instance (default: spk-ingress); may be repeated', gather, [])
  .action(async (options: { namespace: string[] }) =>
    exit((await import('./cli/manifest.ts')).printRole(options)),
  );

await program.parseAsync();

/** Ends the process with this code once standard output is written. */
async function exit(code: Promise<number>): Promise<void> {
  process.exitCode = await code;
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit();
}

function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('give a whole number');
}

function since(text: string): number | Date {
  const [, day, time = 'T00:00', zone = 'Z'] = ISO.exec(text) ?? [];
  if (day === undefined) return wholeNumber(text);
  const date = new Date(`${day}${time}${zone}`);
  if (!Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('give a date such as 2026-03-01 or 2026-03-01T08:00:00Z');
}

function gather(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
