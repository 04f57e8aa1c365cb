import type { CommandResult } from '../zebos/imish.ts';
import type { Zebos } from '../zebos/start-zebos.ts';

/** The inside of one container, as far as its few programs can tell. */
export interface Inside {
  hostname: string;
  /** Only in the routing container. */
  zebos: Zebos | undefined;
}

/** The container has no such program; a runtime says so instead of starting anything. */
export interface NoSuchProgram {
  noSuchProgram: string;
}

/** Runs one argument vector. There is no shell, so nothing is ever split or expanded. */
export function runCommand(argv: readonly string[], inside: Inside): CommandResult | NoSuchProgram {
  const [program = '', ...words] = argv;
  const { hostname, zebos } = inside;
  if (program === 'imish' && zebos !== undefined) return imishWith(words, zebos);
  if (program === 'echo') return { stdout: `${words.join(' ')}\n`, stderr: '', exitCode: 0 };
  if (program === 'hostname') return { stdout: `${hostname}\n`, stderr: '', exitCode: 0 };
  if (program === 'cat') return cat(words, hostname);
  if (program === 'ls') return ls(words);
  return { noSuchProgram: `exec: "${program}": executable file not found in $PATH` };
}

/** `imish -e LINE [-e LINE…]`, the answers one after the other. */
function imishWith(words: readonly string[], zebos: Zebos): CommandResult {
  let stdout = '';
  for (let at = 0; at < words.length; at += 2) {
    const line = words[at + 1];
    if (words[at] !== '-e' || line === undefined) {
      return { stdout, stderr: 'usage: imish [-e COMMAND]...\n', exitCode: 1 };
    }
    stdout += zebos.imish(line).stdout;
  }
  return { stdout, stderr: '', exitCode: 0 };
}

function cat(paths: readonly string[], hostname: string): CommandResult {
  const result = { stdout: '', stderr: '', exitCode: 0 };
  for (const path of paths) {
    if (path === '/etc/hostname') result.stdout += `${hostname}\n`;
    else {
      result.stderr += `cat: ${path}: No such file or directory\n`;
      result.exitCode = 1;
    }
  }
  return result;
}

function ls(paths: readonly string[]): CommandResult {
  const path = paths.find((word) => !word.startsWith('-')) ?? '/';
  if (path === '/') return { stdout: 'bin\netc\nproc\ntmp\nusr\n', stderr: '', exitCode: 0 };
  if (path === '/etc') return { stdout: 'hostname\n', stderr: '', exitCode: 0 };
  return { stdout: '', stderr: `ls: cannot access '${path}': No such file or directory\n`, exitCode: 2 };
}
