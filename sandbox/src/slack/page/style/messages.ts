/** Messages, threads and what only one person sees. */
export const messagesStyle = `
.message { display: flex; gap: 10px; padding: 6px 20px; }
.message:hover { background: var(--shade); }
.avatar {
  flex: none; display: grid; place-items: center; width: 36px; height: 36px; border-radius: 8px; color: #fff;
  font-weight: 700; background: #5b5b60;
}
.avatar.bot { background: linear-gradient(135deg, #0b7285, #3f0e40); }
.avatar.bot::after {
  content: ""; width: 44%; height: 22%; border: solid #fff; border-width: 2px 0; border-radius: 2px;
  box-shadow: 0 0 0 2px #ffffff30;
}
.colour0 { background: #1264a3; } .colour1 { background: #2b8a3e; } .colour2 { background: #7048e8; }
.colour3 { background: #c2255c; } .colour4 { background: #d9480f; } .colour5 { background: #0b7285; }
.content { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.by { display: flex; align-items: baseline; gap: 8px; }
.by b { font-weight: 800; }
.by time, .edited { font-size: 12px; color: var(--soft); }
.app { font-size: 10px; font-weight: 700; padding: 1px 4px; border-radius: 3px; background: var(--faint); color: var(--soft); }
.ephemeral { background: var(--only); }
.ephemeral:hover { background: var(--only); }
.only { font-size: 12px; color: var(--soft); }
.replies { margin: 2px 20px 8px 52px; padding-left: 6px; border-left: 3px solid var(--faint); }
.replies .message { padding: 3px 8px; }
.replies .avatar { width: 24px; height: 24px; border-radius: 6px; font-size: 13px; }
.more { border: 0; background: none; padding: 2px 8px; color: var(--link); cursor: pointer; font-size: 13px; }
.more:hover { text-decoration: underline; }
.reactions { display: flex; gap: 4px; margin-top: 4px; }
.reactions span { padding: 0 8px; border: 1px solid var(--faint); border-radius: 999px; font-size: 12px; }
.file { margin-top: 6px; padding: 6px 10px; border: 1px solid var(--faint); border-radius: 8px; }
.file summary { cursor: pointer; }
.picture img { display: block; margin-top: 6px; max-width: min(100%, 520px); max-height: 420px; object-fit: contain; object-position: top left; border: 1px solid var(--faint); border-radius: 8px; background: #fff; }
#toasts { position: fixed; right: 16px; bottom: 16px; display: grid; gap: 8px; z-index: 9; }
.toast { max-width: 360px; padding: 10px 14px; border-radius: 8px; background: #1d1c1d; color: #fff; box-shadow: 0 4px 16px #0005; }
@media (max-width: 900px) {
  .message { padding: 6px 12px; }
  .replies { margin: 2px 8px 8px 30px; }
}
`;
