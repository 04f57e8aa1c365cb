import { canonicalAddress } from './canonical-address.ts';
import type { Family } from './routes.ts';
import { showBfdSession } from './show-bfd-session.ts';
import { showBgpNeighbors } from './show-bgp-neighbors.ts';
import { showBgpSummary } from './show-bgp-summary.ts';
import { showAdvertisedRoutes, showIpBgp, showRoutesFrom } from './show-ip-bgp.ts';
import { showRunningConfig } from './show-running-config.ts';
import type { ZebosView } from './zebos-view.ts';

/** What a finished program leaves behind. */
export interface CommandResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** Answers one line as ZebOS's shell does; words may be shortened, and nothing can be configured. */
export function imish(view: ZebosView, commandLine: string): CommandResult {
  const typed = [...commandLine.matchAll(/\S+/g)];
  const words = typed.map(([word]) => word);
  if (words.length === 0) return printed('');
  const known = commands.find(
    ({ line }) => line.length === words.length && matching(line, words) === words.length,
  );
  if (known !== undefined)
    return printed(known.show(view, canonicalAddress(words[known.line.indexOf(ADDRESS)] ?? '')));
  const understood = Math.max(...commands.map(({ line }) => matching(line, words)));
  const wrong = typed[understood];
  if (wrong === undefined) return printed('% Incomplete command.\n');
  return printed(`${' '.repeat(wrong.index)}^\n% Invalid input detected at '^' marker.\n`);
}

interface Command {
  line: readonly string[];
  show: (view: ZebosView, address: string | undefined) => string;
}

const ADDRESS = 'A.B.C.D|X:X::X:X';
const NUMBER = '<0-512>';

const commands: readonly Command[] = [
  { line: ['show', 'running-config'], show: showRunningConfig },
  { line: ['show', 'bgp', 'summary'], show: (view) => showBgpSummary(view, 'IPv4') },
  { line: ['show', 'ip', 'bgp', 'summary'], show: (view) => showBgpSummary(view, 'IPv4') },
  { line: ['show', 'bgp', 'ipv6', 'summary'], show: (view) => showBgpSummary(view, 'IPv6') },
  { line: ['show', 'bgp', 'neighbors'], show: (view) => showBgpNeighbors(view) },
  { line: ['show', 'bgp', 'neighbors', ADDRESS], show: showBgpNeighbors },
  { line: ['show', 'ip', 'bgp', 'neighbors'], show: (view) => showBgpNeighbors(view) },
  { line: ['show', 'ip', 'bgp', 'neighbors', ADDRESS], show: showBgpNeighbors },
  { line: ['show', 'bfd', 'session'], show: showBfdSession },
  ...routesCommands(['show', 'ip', 'bgp'], 'IPv4'),
  ...routesCommands(['show', 'bgp'], 'IPv6'),
  { line: ['show', 'ip', 'bgp'], show: (view) => showIpBgp(view, 'IPv4') },
  { line: ['show', 'bgp', 'ipv6'], show: (view) => showIpBgp(view, 'IPv6') },
  { line: ['show', 'bgp'], show: (view) => showIpBgp(view, 'IPv6') },
  { line: ['show', 'version'], show: () => VERSION },
  { line: ['terminal', 'length', NUMBER], show: () => '' },
  { line: ['enable'], show: () => '' },
];

/** `show … neighbors A.B.C.D advertised-routes` and its kin, of one family. */
function routesCommands(begin: readonly string[], family: Family): readonly Command[] {
  const line = [...begin, 'neighbors', ADDRESS];
  return [
    {
      line: [...line, 'advertised-routes'],
      show: (view, address) => showAdvertisedRoutes(view, family, address),
    },
    {
      line: [...line, 'received-routes'],
      show: (view, address) => showRoutesFrom(view, family, address, 'all'),
    },
    { line: [...line, 'routes'], show: (view, address) => showRoutesFrom(view, family, address, 'accepted') },
  ];
}

const VERSION = `ZebOS version 7.10.6 (sandbox) IPIRouter 
  Copyright (C) 2001-2020 IP Infusion, all rights reserved
`;

/** How many words, from the left, fit this command. */
function matching(line: readonly string[], words: readonly string[]): number {
  const wrong = words.findIndex((word, index) => !fits(line[index], word));
  return wrong === -1 ? words.length : wrong;
}

function fits(expected: string | undefined, word: string): boolean {
  if (expected === ADDRESS) return canonicalAddress(word) !== undefined;
  if (expected === NUMBER) return /^\d{1,3}$/.test(word);
  return expected?.startsWith(word.toLowerCase()) ?? false;
}

function printed(stdout: string): CommandResult {
  return { stdout, stderr: '', exitCode: 0 };
}
