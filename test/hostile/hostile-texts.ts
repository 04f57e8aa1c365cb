/** What somebody may type, or put into a cluster, to be taken for something else. */
export const HOSTILE_TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['a call of the channel', 'now <!channel> now'],
  ['a call of everybody here', '<!here|here>'],
  ['a mention', '<@U09VICTIM>'],
  ['a mention of a group', '<!subteam^S02LEADS|@leads>'],
  ['a link that lies', '<http://evil.example|10.20.1.1>'],
  ['a bare link', 'http://evil.example/10.20.1.1'],
  ['formatting', '*evil* _evil_ ~evil~'],
  ['code', '```evil``` `evil`'],
  ['an emoji', ':rotating_light: :white_check_mark:'],
  ['right-to-left marks', '\u202e9.1.02.01\u202c \u2067evil\u2069'],
  ['a joiner without width', 'worker\u200d1.rack.example.com'],
  ['invisible tags', `worker1\u{e0041}\u{e0042}.rack.example.com`],
  ['a homoglyph', 'w\u043erker1.rack.example.com'],
  ['control bytes', '\u0007\u001b[31mevil\u001b[0m\u0008\u009b2J'],
  ['NUL', 'evil\u0000evil'],
  ['half a character', 'evil \ud83d evil \ude00'],
  ['JSON', '{"change":"BGP-1","digest":"evil"}'],
  ['a template', '$' + '{process.env.SLACK_BOT_TOKEN} {{7*7}} <%= 7*7 %> #{7*7}'],
  ['a log line', 'evil\n{"level":50,"time":1,"msg":"FORGED"}\nevil'],
  ['a line of a card', 'evil\n✅ succeeded\n*Approvals 1 of 1*'],
  ['a shell', '$(reboot); rm -rf / && `reboot` | sh'],
  ['an option', '--target lab --allow-outage'],
  ['a prototype', '__proto__'],
];

/** Nothing of the kind may be sent anywhere as it is: it shows another text than it holds. */
export const DECEIVING =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/u;
