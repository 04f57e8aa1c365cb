/** Modals and the question before a button. */
export const dialogsStyle = `
dialog { border: 0; border-radius: 10px; padding: 0; color: var(--ink); background: var(--paper); box-shadow: 0 18px 48px #0006; }
dialog::backdrop { background: #0008; }
.confirm, .modal { width: min(520px, calc(100vw - 24px)); }
.confirm h2, .sheet h2 { margin: 0; font-size: 20px; }
.confirm { padding: 20px 24px; }
.confirm .body { margin: 10px 0 18px; white-space: pre-wrap; overflow-wrap: anywhere; }
dialog footer { display: flex; justify-content: flex-end; gap: 10px; }
.sheet { display: flex; flex-direction: column; max-height: calc(100vh - 60px); }
.sheet header { display: flex; align-items: center; justify-content: space-between; padding: 16px 24px; border-bottom: 1px solid var(--faint); }
.sheet .body { padding: 16px 24px; overflow-y: auto; display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); }
.sheet footer { padding: 14px 24px; border-top: 1px solid var(--faint); }
.close { border: 0; background: none; cursor: pointer; font-size: 16px; color: var(--soft); }
.input { display: grid; gap: 4px; }
.label { font-weight: 700; }
.label small, .hint, .choices small { font-weight: 400; color: var(--soft); }
.hint, .error { font-size: 13px; }
.error { color: var(--bad); }
.error:empty { display: none; }
.choices { display: grid; gap: 4px; }
.choices label { display: flex; gap: 8px; align-items: baseline; }
.choices small { display: block; }
`;
