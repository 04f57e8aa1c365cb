/** Colours, the bar, the columns, the composer. */
export const frameStyle = `
:root {
  --ink: #1d1c1d; --soft: #616061; --faint: #e3e3e5; --paper: #fff; --shade: #f8f8f8; --bar: #3f0e40; --bar-ink: #f4ecf4;
  --link: #1264a3; --good: #007a5a; --bad: #e01e5a; --code: #c01343; --mine: #fff3d1; --only: #f4f7fb;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #d9d9da; --soft: #a1a1a5; --faint: #36373b; --paper: #1a1d21; --shade: #222529; --bar: #19171d; --bar-ink: #e8e3ea;
    --link: #6cb4ee; --good: #12866a; --bad: #d63a63; --code: #f08aa0; --mine: #4a3d14; --only: #20262d;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  display: flex; flex-direction: column; background: var(--paper); color: var(--ink);
  font: 15px/1.46 Lato, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
button, input, select, textarea { font: inherit; color: inherit; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
.bar {
  display: flex; align-items: center; gap: 8px 16px; flex-wrap: wrap; padding: 8px 16px;
  background: var(--bar); color: var(--bar-ink);
}
.brand { font-weight: 800; font-size: 17px; margin-right: auto; }
.brand .hash { color: #ecb22e; margin-right: 6px; }
.offline .brand::after { content: "offline"; margin-left: 8px; font: 12px sans-serif; color: #ffb4b4; }
#home { max-height: 55vh; overflow-y: auto; padding: 8px 20px; border-bottom: 1px solid var(--faint); background: var(--shade); }
#home-toggle { background: #fff; color: #1d1c1d; }
.context > * { white-space: pre-line; }
#home h1 { margin: 4px 0; font-size: 17px; }
#people { display: flex; gap: 6px; flex-wrap: wrap; }
.person {
  display: flex; align-items: center; gap: 5px; padding: 3px 10px 3px 4px; border: 1px solid transparent;
  border-radius: 999px; background: #ffffff1c; cursor: pointer; font-size: 13px;
}
.person .avatar { width: 22px; height: 22px; font-size: 12px; border-radius: 50%; }
.person:hover { background: #ffffff33; }
.person.current { background: #fff; color: #1d1c1d; }
#tabs { display: none; gap: 4px; }
.tab { border: 0; border-radius: 6px; padding: 4px 10px; background: none; cursor: pointer; opacity: .8; }
.tab.current { background: #1164a3; color: #fff; opacity: 1; }
.unread { margin-left: 6px; padding: 0 6px; border-radius: 9px; background: var(--bad); color: #fff; font-size: 11px; }
#channels { flex: 1; min-height: 0; display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); }
.channel { display: flex; flex-direction: column; min-width: 0; min-height: 0; border-left: 1px solid var(--faint); }
.channel:first-child { border-left: 0; }
.channel h1 { margin: 0; padding: 10px 20px; font-size: 17px; border-bottom: 1px solid var(--faint); }
.channel h1 small { margin-left: 10px; font-weight: 400; font-size: 12px; color: var(--soft); }
.hash { color: var(--soft); font-weight: 400; }
.messages { flex: 1; min-height: 0; overflow-y: auto; padding: 12px 0; }
.welcome { padding: 8px 20px; color: var(--soft); }
.composer { padding: 4px 20px 16px; }
.chips { display: flex; gap: 6px; flex-wrap: wrap; padding: 6px 0; }
.chip {
  border: 1px solid var(--faint); border-radius: 999px; background: var(--shade); padding: 1px 10px; cursor: pointer;
  font: 12px ui-monospace, Menlo, Consolas, monospace; color: var(--soft);
}
.chip:hover { color: var(--ink); border-color: var(--soft); }
.line { display: flex; gap: 8px; }
.line .field { flex: 1; padding: 9px 12px; }
.field { width: 100%; padding: 8px 10px; border: 1px solid #8d8d91; border-radius: 6px; background: var(--paper); }
.send { padding: 0 14px; }
@media (max-width: 900px) {
  #tabs { display: flex; order: 3; width: 100%; }
  .channel { display: none; border-left: 0; grid-column: 1; }
  .channel.current { display: flex; }
  .channel h1 { display: none; }
  .bar { padding: 8px 12px; }
  .person .rest { display: none; }
  .chips { flex-wrap: nowrap; overflow-x: auto; }
  .chip { flex: none; }
  .composer { padding: 4px 12px 12px; }
}
`;
