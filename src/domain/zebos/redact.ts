import { distance } from 'fastest-levenshtein';

/**
 * Replaces every secret of a configuration, to the end of its line, by `<redacted>`; the rest stays byte for byte. If in doubt it
 * removes too much: also the text after `neighbor X` and an unknown word.
 */
export function redactSecrets(text: string): string {
  let wraps = false;
  const pieces: string[] = [];
  for (const line of splitLines(text)) {
    const words = visibleWords(line);
    const [first] = words;
    if (first === undefined) {
      pieces.push(line);
      continue;
    }
    const goesOn: boolean = wraps && !CONFIG_WORDS.has(first.text.toLowerCase());
    const from: number | undefined = goesOn ? first.start : secretStart(line, words);
    wraps = from !== undefined && mayWrap(line, words, from);
    pieces.push(from === undefined ? line : redactFrom(line, words, from));
  }
  return pieces.join('');
}

const REDACTED = '<redacted>';

/** Routers may wrap longer lines; a secret then continues in the next line. */
const TERMINAL_WIDTH = 80;

/** Lines with their line ends. A CR alone ends a line only if a configuration line follows; otherwise it may be in a secret. */
function splitLines(text: string): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const { index } of text.matchAll(/\n|\r(?!\n)/g)) {
    if (text[index] === '\r' && !beginsConfig(text, index + 1)) continue;
    lines.push(text.slice(from, index + 1));
    from = index + 1;
  }
  lines.push(text.slice(from));
  return lines;
}

function beginsConfig(text: string, at: number): boolean {
  const [word = ''] = text
    .slice(at, at + 48)
    .trimStart()
    .split(/[\s\u0000]/, 1);
  return CONFIG_WORDS.has(word.toLowerCase());
}

function mayWrap(line: string, words: readonly VisibleWord[], from: number): boolean {
  const secret = words.filter(({ start }) => start >= from);
  const missing = secret.length === 0 || (secret.length === 1 && /^\d$/.test(secret[0]?.text ?? ''));
  return missing || line.trimEnd().length >= TERMINAL_WIDTH - 1;
}

function redactFrom(line: string, words: readonly VisibleWord[], from: number): string {
  if (!words.some(({ end }) => end > from)) return line;
  const end = line.length - (/\r?\n$|\r$/.exec(line.slice(-2))?.[0].length ?? 0);
  return `${line.slice(0, from)}${REDACTED}${line.slice(end)}`;
}

/** Where the secret of this line starts; at the end of its last word if it is missing. Undefined: no secret. */
function secretStart(line: string, words: readonly VisibleWord[]): number | undefined {
  const snmp = words.some(({ text }) => text.toLowerCase().startsWith('snmp'));
  for (const [index, word] of words.entries()) {
    const text = word.text.toLowerCase();
    if (announcesSecret(text) || (snmp && SNMP_SECRETS.has(text)) || isPlainKey(words, index)) {
      return behind(words, index);
    }
    const [key = '', value] = text.split(/:(.*)/s, 2);
    if (value !== undefined && announcesSecret(key))
      return value === '' ? behind(words, index) : line.indexOf(':', word.start) + 1;
    const pair = `${text}${words[index + 1]?.text.toLowerCase() ?? ''}`;
    if (pair === 'password' || pair === 'key-string') return behind(words, index + 1);
  }
  return unknownNeighborWord(words);
}

const SNMP_SECRETS: ReadonlySet<string> = new Set([
  'community',
  'auth',
  'priv',
  'user',
  'version',
  '2c',
  'v3',
]);

function behind(words: readonly VisibleWord[], index: number): number | undefined {
  return words[index + 1]?.start ?? words[index]?.end;
}

/** `tacacs-server … key X`, `authentication text X`: plain words that precede a secret in such lines only. */
function isPlainKey(words: readonly VisibleWord[], index: number): boolean {
  const word = words[index]?.text.toLowerCase();
  if (word === 'authentication') return GATEWAY.has(words[0]?.text.toLowerCase() ?? '');
  if (word !== 'key' && word !== 'text' && word !== 'string') return false;
  // `key 7 X` in a block of a server; `key 1` alone opens a key of a key chain.
  if (word === 'key' && index === 0 && /^\d{1,3}$/.test(words[1]?.text ?? '') && words.length > 2)
    return true;
  return words
    .slice(0, Math.min(index, 12))
    .some(({ text }) => /^(?:tacacs|radius|isakmp$|authentication$|server$)/i.test(text));
}

/** Protocols of a shared gateway, whose plain secret follows `authentication`: `vrrp 1 authentication X`. */
const GATEWAY: ReadonlySet<string> = new Set(['vrrp', 'standby', 'hsrp', 'glbp']);

/** A damaged keyword: `neighbor 10.0.0.1 pXXsXord 7 abc`. Lower case only, since tables begin with `Neighbor`. */
function unknownNeighborWord(words: readonly VisibleWord[]): number | undefined {
  const at = words.findIndex(({ text }) => text === 'neighbor' || /[#>]neighbor$/.test(text.slice(-100)));
  const before = words.slice(0, Math.max(at, 0));
  const begins =
    at >= 0 && before.every(({ text }) => text === 'no' || text.endsWith('#') || text.endsWith('>'));
  const word = begins ? words[at + 2] : undefined;
  return word === undefined || NEIGHBOR_WORDS.has(word.text) ? undefined : word.start;
}

/**
 * Whether a secret follows this word of a configuration, such as `password` or `key-string`. A word that differs from the common
 * ones in one or two characters counts as well, so that transmission damage does not expose a secret.
 */
function announcesSecret(word: string): boolean {
  const bare = word.slice(0, MAX_WORD).normalize('NFKC').toLowerCase();
  if (SECRET_WORDS.has(bare)) return true;
  if (bare === 'passwords') return false;
  return (
    distance(bare, 'password') <= 2 || distance(bare, 'key-string') <= 2 || distance(bare, 'secret') <= 1
  );
}

/** A word longer than this resembles none of those that precede a secret. */
const MAX_WORD = 64;

const SECRET_WORDS: ReadonlySet<string> = new Set(
  `password passwd passphrase pass-phrase secret shared-secret key-string keystring key-value pre-shared-key psk
  private-key auth-key auth-pass auth-password priv-password authentication-key authentication-string
  authentication-password message-digest-key area-password domain-password isis-password tcp-md5 tcp-ao md5 md5-key
  keyed-md5 meticulous-md5 sha1 keyed-sha1 meticulous-sha1 sshkey ssh-key api-key`.split(/\s+/),
);

/** A visible word and its position in the line: `start` inclusive, `end` exclusive. */
export interface VisibleWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The words of a line. Blanks of any alphabet, quotes, `=`, commas and semicolons separate words; terminal escapes, NULs and
 * zero-width characters do not, and are left out.
 */
function visibleWords(line: string): VisibleWord[] {
  const words: VisibleWord[] = [];
  for (const match of line.matchAll(SOLID)) {
    const text = match[0].replace(ESCAPES, '').replace(UNSEEN, '');
    if (text !== '' && text !== ':')
      words.push({ text, start: match.index, end: match.index + match[0].length });
  }
  return words;
}

/** Anything but blanks and the characters between a key and its value. */
const SOLID = /(?:\u001b\[[0-9;:?]{0,32}[@-~]|[^\s"'`=,;\u0085\u115f\u1160\u180e\u2800\u3164\uffa0])+/g;

const ESCAPES = /\u001b\[[0-9;:?]{0,32}[@-~]/g;

const UNSEEN = /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;

/** First words of configuration lines: a line that begins with one of them is not part of a wrapped secret. */
export const CONFIG_WORDS: ReadonlySet<string> = new Set(
  `! access-list address-family aggregate-address area auto-summary banner bfd bgp bridge building current debug
  description distance enable end exec-timeout exit exit-address-family exit-af exit-vrf feature frr hostname interface
  ip ipv4 ipv6 key line log logging login lldp max-paths maximum-paths mpls neighbor network no ntp nssa password
  passive-interface prefix-list privilege qos redistribute route-map router router-id rpki security segment-routing
  send-lifetime accept-lifetime service set match snmp-server spanning-tree synchronization table timers username vlan
  vrf vty zebra`.split(/\s+/),
);

/** Words that may follow `neighbor X` in a configuration without a secret after them (ZebOS, OcNOS, Quagga, FRR). */
const NEIGHBOR_WORDS: ReadonlySet<string> = new Set(
  `activate addpath-rx-paths-limit addpath-tx-all-paths addpath-tx-best-selected addpath-tx-bestpath-per-as
  additional-paths advertise advertise-map advertisement-interval aigp allow-ebgp-vpn allowas-in as-loop-detection
  as-origination-interval as-override attribute-unchanged bfd capability collide-established connection-retry-time
  damp default-originate description disable-addpath-rx disable-connected-check disallow-infinite-holdtime
  disallow-hold-time distribute-list dont-capability-negotiate ebgp-multihop encapsulation-type enforce-first-as
  enforce-multihop extended-link-bandwidth extended-optional-parameters fall-over fallover filter-list graceful-restart
  graceful-restart-disable graceful-restart-helper graceful-shutdown interface ip-transparent link-bandwidth local-as
  local-role maximum-prefix maximum-prefix-out next-hop-peer next-hop-self next-hop-unchanged oad optional-as
  override-capability passive path-attribute peer-group port prefix-list remote-as remove-private-as
  remove-private-AS restart-time route-map route-reflector-client route-server-client rpki send-community
  send-label sender-as-path-loop-detection shutdown site-of-origin soft-reconfiguration soo solo strict-capability-match tcp-mss
  timers transparent-as transparent-nexthop transport ttl-security unsuppress-map update-source version weight
  allow-ebgp-vpn g-shut local-preference nexthop-local send-nexthop-characteristics`.split(/\s+/),
);
