import { parseDocument } from 'yaml';
import type { Fault } from '../domain/fault.ts';

/** What a YAML text holds, or where it stops being YAML. Never throws. */
export function readYaml(text: string): { readonly value: unknown } | Fault {
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) return notYaml(broken.message, broken.linePos?.[0].line);
  try {
    return { value: document.toJS() };
  } catch (error) {
    // An alias without its anchor, or aliases that unfold without end.
    return notYaml(error instanceof Error ? error.message : '', undefined);
  }
}

function notYaml(message: string, line: number | undefined): Fault {
  return {
    path: line === undefined ? 'the file' : `line ${line}`,
    problem: 'it is not YAML',
    remedy: message.split('\n')[0] ?? '',
  };
}
