import { createHash } from 'node:crypto';
import { actionsScript } from './script/actions.ts';
import { blocksScript } from './script/blocks.ts';
import { channelsScript } from './script/channels.ts';
import { composerScript } from './script/composer.ts';
import { dialogsScript } from './script/dialogs.ts';
import { elementsScript } from './script/elements.ts';
import { homeScript } from './script/home.ts';
import { inputsScript } from './script/inputs.ts';
import { liveScript } from './script/live.ts';
import { messagesScript } from './script/messages.ts';
import { modalScript } from './script/modal.ts';
import { mrkdwnScript } from './script/mrkdwn.ts';
import { stateScript } from './script/state.ts';
import { blocksStyle } from './style/blocks.ts';
import { dialogsStyle } from './style/dialogs.ts';
import { frameStyle } from './style/frame.ts';
import { messagesStyle } from './style/messages.ts';

export interface PageWords {
  readonly title?: string;
  /** Commands offered for a click. */
  readonly suggestions?: readonly string[];
  /** Each a line of the welcome in an empty channel. */
  readonly welcome?: readonly string[];
}

/** The page at `/`: Slack enough to try a bot. One file, nothing from elsewhere, no text becomes HTML. */
export function slackPage(words: PageWords = {}): string {
  const title = words.title ?? 'Sandbox Slack';
  const settings = JSON.stringify({
    title,
    suggestions: words.suggestions ?? ['/bgp help', '/bgp show', '/bgp verify', '/bgp nodes', '/bgp whoami'],
    welcome: words.welcome ?? [
      'Type a slash command below. Change who you are at the top, to approve as a lead.',
    ],
  }).replaceAll('<', '\\u003c');
  const script = `const SETTINGS = ${settings};\n${SCRIPTS.join('\n')}`;
  const policy = `default-src 'none'; connect-src 'self'; img-src 'self'; style-src 'unsafe-inline'; script-src 'sha256-${sha256(script)}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Sandbox Slack</title>
<style>${STYLES.join('\n')}</style>
</head>
<body>
<header class="bar">
  <div class="brand"><span class="hash">#</span><span id="title"></span></div>
  <nav id="tabs" aria-label="Channels"></nav>
  <button id="home-toggle" class="button" type="button" aria-expanded="false" aria-controls="home">Home</button>
  <div id="people" role="radiogroup" aria-label="Who you are"></div>
</header>
<aside id="home" aria-label="Home" hidden></aside>
<main id="channels"></main>
<div id="toasts" role="status"></div>
<script type="module">${script}</script>
</body>
</html>
`;
}

const STYLES = [frameStyle, messagesStyle, blocksStyle, dialogsStyle];

const SCRIPTS = [
  stateScript,
  mrkdwnScript,
  dialogsScript,
  actionsScript,
  elementsScript,
  inputsScript,
  blocksScript,
  messagesScript,
  composerScript,
  channelsScript,
  modalScript,
  homeScript,
  liveScript,
];

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
