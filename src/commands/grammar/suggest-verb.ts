import { suggest } from '../../domain/suggest.ts';

/** The verb that was probably meant: the one with this synonym, or the nearest one; undefined when there is none. */
export function suggestVerb(typed: string, verbs: readonly string[]): string | undefined {
  const word = typed.toLowerCase().replace(/(?<=.)[.!?…]+$/, '');
  return verbs.find((verb) => OTHER_WORDS[verb]?.includes(word)) ?? suggest(word, verbs);
}

/**
 * Synonyms that people type for a verb, from the buttons, from `kubectl`, from a router's command line, or by meaning. A synonym
 * is suggested and never run.
 */
export const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  add: ['assign', 'create', 'insert', 'new'],
  approve: ['accept', 'ack', 'allow', 'confirm', 'lgtm', 'ok', 'okay', 'yes'],
  audit: ['records', 'trail'],
  'break-glass': ['emergency'],
  cancel: ['abort', 'halt', 'kill', 'stop', 'withdraw'],
  changes: ['pending', 'queue', 'recent'],
  close: ['abandon', 'finish'],
  config: ['conf', 'running-config', 'sh-run'],
  freeze: ['lock', 'pause'],
  help: ['?', 'commands', 'h', 'man', 'usage'],
  history: ['log', 'logs'],
  map: ['diagram', 'draw', 'picture', 'topology'],
  nodes: ['list', 'ls', 'workers'],
  peers: ['neighbor', 'neighbors', 'neighbour', 'neighbours', 'routers'],
  reject: ['decline', 'deny', 'no', 'refuse'],
  remove: ['del', 'delete', 'drop', 'rm', 'unassign', 'unmap'],
  restart: ['bounce', 'drain', 'evict', 'reboot', 'recreate', 'recycle', 'reload'],
  resume: ['continue', 'proceed', 'recheck', 'retry'],
  rollback: ['back', 'revert', 'undo'],
  rotate: ['edit', 'migrate', 'move', 'replace', 'set', 'swap', 'update'],
  show: ['bgp', 'describe', 'display', 'get', 'info', 'session', 'sessions', 'sh', 'summary'],
  stale: ['old', 'outdated'],
  status: ['progress', 'state'],
  unfreeze: ['thaw', 'unlock', 'unpause'],
  values: ['helm'],
  verify: ['check', 'diff', 'drift', 'health', 'test', 'validate'],
  whoami: ['id', 'me', 'permissions', 'rights', 'who'],
};
