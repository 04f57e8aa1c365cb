// Makes a fresh clone ready to run: installs packages when the lock file changed, builds when a source changed.
// Plain JavaScript without dependencies, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = 'scripts/bundle-packages.mjs';
const PAGE = 'scripts/bundle-page.mjs';
const top = fileURLToPath(new URL('..', import.meta.url));
process.chdir(top);
requireNode();
install();
build('.', { settings: ['tsconfig.build.json'], sources: ['src'], bundle: PACKAGES });
build('sandbox', {
  settings: ['sandbox/tsconfig.json', 'sandbox/package.json'],
  sources: ['sandbox/src', 'sandbox/page'],
  bundle: PAGE,
});

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(`Node ${process.versions.node} is too old: install Node 20.19 or newer, 22 or 24.`);
}

function install() {
  const stamp = 'node_modules/.installed';
  const wanted = hashOf(['package.json', 'package-lock.json', 'sandbox/package.json', '.npmrc']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing packages (once; a minute or so) …');
  // `npm install` and not `npm ci`: a lock file written on one system may lack the optional packages of another.
  run('npm', [
    'install',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--no-save',
    ...(process.stderr.isTTY ? ['--progress'] : []),
  ]);
  writeFileSync(stamp, wanted);
}

/** Compiles one package when a source of it changed, then runs its bundler; the first of `settings` is for the compiler. */
function build(folder, { settings, sources, bundle }) {
  const dist = join(folder, 'dist');
  const stamp = join(dist, '.built');
  const wanted = hashOf([
    'package-lock.json',
    'tsconfig.json',
    ...settings,
    bundle,
    ...sources.flatMap(filesBelow),
  ]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say(`Building ${folder === '.' ? 'the bot' : folder} …`);
  rmSync(dist, { recursive: true, force: true });
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', settings[0]]);
  run(process.execPath, [bundle]);
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, wanted);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file).isFile())
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    if (existsSync(file)) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop(`${command} ${args.join(' ')} ended with ${error?.message ?? `status ${status}`}.`);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function stop(line) {
  say(line);
  process.exit(1);
}
