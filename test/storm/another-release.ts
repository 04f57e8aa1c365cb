import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The program as the next release may be: it stores changes in the next format, with something in them that this one does not know. */
export interface LaterRelease {
  readonly program: string;
  remove(): Promise<void>;
}

export async function laterRelease(): Promise<LaterRelease> {
  const folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-later-'));
  await cp('dist', join(folder, 'dist'), { recursive: true });
  await cp('package.json', join(folder, 'package.json'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'dist/adapters/redis/stored-values.js');
  const code = await readFile(file, 'utf8');
  const later = [
    [/FORMAT=(\d+)/, (_: string, format: string) => `FORMAT=${Number(format) + 1}`],
    ['{v:FORMAT,...next}', () => '{v:FORMAT,tint:"teal",...next}'],
    [
      /change\.extend\(\{v:(\w+)/,
      (_: string, z: string) => `change.extend({tint:${z}.string().optional(),v:${z}`,
    ],
  ] as const;
  const changed = later.reduce((text, [from, to]) => {
    const next = text.replace(from, to);
    if (next === text) throw new Error(`making a later release: ${from} is not in ${file}`);
    return next;
  }, code);
  await writeFile(file, changed);
  return {
    program: join(folder, 'dist/cli.js'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
