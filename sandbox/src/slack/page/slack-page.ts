import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the page says of an app: it is a Slack, and knows none by itself. */
export interface PageWords {
  readonly title?: string;
  /** Each a line of the welcome in an empty channel. */
  readonly welcome?: readonly string[];
  /** Commands offered for a click. */
  readonly suggestions?: readonly string[];
  /** Offered while somebody types a command. */
  readonly completions?: Completions;
  /** Of the app's manifest. */
  readonly shortcuts?: readonly Shortcut[];
}

export interface Completions {
  /** With their slash. */
  readonly commands: readonly string[];
  /** The first word after a command, with what it is for. */
  readonly verbs: readonly (readonly [verb: string, hint: string])[];
  /** Any word after that. */
  readonly words: readonly string[];
}

export interface Shortcut {
  readonly name: string;
  /** Beside the composer, or in the menu of each message. */
  readonly type: 'global' | 'message';
  readonly callbackId: string;
}

/** The page at `/`, built from sandbox/page. One file, nothing from elsewhere, no text becomes HTML. */
export function slackPage(words: PageWords = {}): string {
  if (!existsSync(SCRIPT)) return NOT_BUILT;
  const settings: Required<PageWords> = { ...NO_WORDS, ...words };
  // An end tag within a string of the script would end the element.
  const script = readFileSync(SCRIPT, 'utf8').replaceAll('</script', '<\\/script');
  const style = readFileSync(STYLE, 'utf8').replaceAll('</style', '<\\/style');
  const policy = [
    "default-src 'none'",
    "connect-src 'self'",
    "img-src 'self' data:",
    `style-src 'sha256-${sha256(style)}'`,
    `script-src 'sha256-${sha256(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${ICON}">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Sandbox Slack</title>
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
<script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** The same from sandbox/src/slack/page and from sandbox/dist/slack/page. */
const SCRIPT = fileURLToPath(new URL('../../../dist/page.js', import.meta.url));
const STYLE = fileURLToPath(new URL('../../../dist/page.css', import.meta.url));

const NO_WORDS: Required<PageWords> = {
  title: 'Sandbox Slack',
  welcome: ['Nothing was said here yet. Type a slash command below.'],
  suggestions: [],
  completions: { commands: [], verbs: [], words: [] },
  shortcuts: [],
};

const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#14808f"/><path d="M4 5h8M4 8h8M4 11h8" stroke="#fff" stroke-width="1.6"/></svg>',
  );

const NOT_BUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sandbox Slack</title></head>
<body><h1>The page is not built</h1><p>Run <code>npm run ready</code>, then load this page again.</p></body>
</html>
`;

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
