import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SourceTextModule, SyntheticModule } from 'node:vm';
import { transformSync } from '@swc/core';

/**
 * Loads a TypeScript module and all it imports, evaluated anew each time. Packages are loaded once, by Node itself.
 *
 * `codeOf(file)` gives the JavaScript of a file where it differs from what is on disk, else undefined. `packages` holds
 * the exports of packages that are replaced, by name. Needs `--experimental-vm-modules`.
 */
export async function loadModule(file, { codeOf, packages }) {
  const modules = new Map();
  const own = (path) => {
    if (!modules.has(path)) modules.set(path, createModule(path, codeOf(path) ?? codeOnDisk(path), link));
    return modules.get(path);
  };
  const link = (specifier, { identifier }) => {
    if (specifier.startsWith('.')) return own(resolve(dirname(identifier), specifier));
    if (specifier.startsWith('file:')) return own(fileURLToPath(specifier));
    return packageModule(specifier, packages);
  };
  const module = own(file);
  await module.link(link);
  await module.evaluate();
}

/** TypeScript to JavaScript, as jest.config.js has it. */
export function compile(source) {
  return transformSync(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }).code;
}

const codes = new Map();

function codeOnDisk(file) {
  if (!codes.has(file)) codes.set(file, compile(readFileSync(file, 'utf8')));
  return codes.get(file);
}

function createModule(file, code, link) {
  const { href: url } = pathToFileURL(file);
  return new SourceTextModule(code, {
    identifier: file,
    initializeImportMeta: (meta) => Object.assign(meta, { url, filename: file, dirname: dirname(file) }),
    async importModuleDynamically(specifier, from) {
      const module = await link(specifier, from);
      if (module.status === 'unlinked') await module.link(link);
      await module.evaluate();
      return module;
    },
  });
}

const packageModules = new Map();

function packageModule(name, replaced) {
  if (!packageModules.has(name)) packageModules.set(name, exportsOf(replaced[name] ?? import(name)));
  return packageModules.get(name);
}

async function exportsOf(loading) {
  const exports = await loading;
  return new SyntheticModule(Object.keys(exports), function () {
    for (const [name, value] of Object.entries(exports)) this.setExport(name, value);
  });
}
