import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files in these folders and below whose names end so, in order, with `/` on every system. */
export function filesBelow(folders, ending) {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .map((name) => join(folder, String(name)).replaceAll('\\', '/'))
      .filter((file) => file.endsWith(ending))
      .sort(),
  );
}
