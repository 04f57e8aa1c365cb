/** Block Kit. */
export const blocksStyle = `
.content > * + * { margin-top: 4px; }
.text { white-space: pre-wrap; }
h3 { margin: 6px 0 4px; font-size: 18px; line-height: 1.3; }
hr { border: 0; border-top: 1px solid var(--faint); margin: 10px 0; width: 100%; }
.section { display: flex; gap: 16px; align-items: flex-start; }
.grow { flex: 1; min-width: 0; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(200px, 100%), 1fr)); gap: 6px 16px; margin-top: 4px; }
.context { display: flex; flex-wrap: wrap; gap: 2px 10px; font-size: 13px; color: var(--soft); }
.context pre { font-size: 12px; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; padding: 4px 0; }
.badge {
  display: inline-grid; place-items: center; width: 1.15em; height: 1.15em; border-radius: 50%; vertical-align: text-bottom;
  background: var(--soft); color: #fff; font: 800 .8em/1 Arial, sans-serif;
}
.badge.good { background: #2b9a5f; } .badge.bad { background: #d6336c; } .badge.warning { background: #e8a300; color: #1d1c1d; }
.badge.note { background: #1264a3; }
.button {
  padding: 5px 12px; border: 1px solid #8d8d9180; border-radius: 6px; background: var(--paper); font-weight: 700;
  font-size: 14px; cursor: pointer;
}
.button:hover { background: var(--shade); box-shadow: 0 1px 3px #0002; }
.button.primary { background: var(--good); border-color: var(--good); color: #fff; }
.button.danger { background: var(--bad); border-color: var(--bad); color: #fff; }
.button.primary:hover, .button.danger:hover { filter: brightness(.93); }
.busy { opacity: .55; pointer-events: none; }
.menu { padding: 5px 8px; border: 1px solid #8d8d9180; border-radius: 6px; background: var(--paper); max-width: 240px; }
.menu.overflow { width: 60px; }
pre {
  margin: 4px 0; padding: 8px; border: 1px solid var(--faint); border-radius: 6px; background: var(--shade);
  font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
code {
  box-decoration-break: clone; -webkit-box-decoration-break: clone;
  padding: 1px 4px; border: 1px solid var(--faint); border-radius: 4px; background: var(--shade); color: var(--code);
  font: 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
blockquote { margin: 4px 0; padding: 0 0 0 12px; border-left: 4px solid var(--faint); white-space: pre-wrap; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
.mention { padding: 0 3px; border-radius: 4px; background: #1d9bd11f; color: var(--link); }
.mention.mine { background: var(--mine); color: inherit; }
.picture { color: var(--soft); font-size: 13px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: 4px 10px; border: 1px solid var(--faint); text-align: left; vertical-align: top; }
th { background: var(--shade); }
.alert { padding: 8px 12px; border-radius: 6px; border-left: 4px solid var(--link); background: var(--shade); }
.alert.warning { border-color: #ecb22e; } .alert.error { border-color: var(--bad); } .alert.success { border-color: var(--good); }
ul, ol { margin: 2px 0; padding-left: 24px; }
.indent1 { margin-left: 24px; } .indent2 { margin-left: 48px; }
`;
