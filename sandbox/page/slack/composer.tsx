import { useSignalEffect } from '@preact/signals';
import { useId, useRef, useState } from 'preact/hooks';
import { tell } from '../server.ts';
import { settings } from '../settings.ts';
import { draft, me } from '../state.ts';
import { type Outcome, report } from './act.ts';
import { remember, typedBefore } from './command-history.ts';
import { completed, completionsOf } from './completion.ts';
import { Listbox, optionId } from './listbox.tsx';
import { Scroll } from './scroll.tsx';

interface ComposerProps {
  readonly channel: string;
  readonly name: string;
  onSend(): void;
}

/**
 * Where one types. While the list of completions is open, arrows go through it, Tab takes the first or the marked one,
 * Enter the marked one, and Escape closes it; while it is closed, arrows go through what was typed before.
 */
export function Composer({ channel, name, onSend }: ComposerProps) {
  const [text, setText] = useState('');
  const [isListOpen, openList] = useState(false);
  const [active, setActive] = useState(-1);
  const [back, setBack] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const offered = isListOpen ? completionsOf(text, settings.completions) : [];

  function write(next: string, isOpen: boolean): void {
    setText(next);
    openList(isOpen);
    setActive(-1);
  }

  function take(word: string): void {
    write(completed(text, word), true);
    field.current?.focus();
  }

  function recall(step: number): void {
    const typed = typedBefore();
    const to = Math.min(typed.length, Math.max(0, back + step));
    setBack(to);
    write(to === 0 ? '' : (typed[typed.length - to] ?? ''), false);
  }

  useSignalEffect(() => {
    if (draft.value === '') return;
    write(draft.value, false);
    draft.value = '';
    field.current?.focus();
  });

  async function send(): Promise<void> {
    const sent = text.trim();
    if (sent === '') return;
    write('', false);
    setBack(0);
    remember(sent);
    onSend();
    report(await deliver(channel, sent));
  }

  function onKeyDown(event: KeyboardEvent): void {
    const marked = offered[active];
    const first = offered[0];
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (offered.length > 0 && step !== undefined) setActive(moved(active, -step, offered.length));
    else if (step !== undefined) recall(step);
    else if (event.key === 'Tab' && !event.shiftKey && first) take((marked ?? first).word);
    else if (event.key === 'Enter' && marked) take(marked.word);
    else if (event.key === 'Escape' && offered.length > 0) openList(false);
    else return;
    event.preventDefault();
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Suggestions
        onChoose={(suggestion) => {
          write(suggestion, false);
          field.current?.focus();
        }}
      />
      <div class="composer-box">
        {offered.length > 0 && (
          <Listbox
            id={id}
            class="completions"
            label="Completions"
            active={active}
            options={offered.map(({ word, hint }) => ({
              key: word,
              content: (
                <>
                  <code>{word}</code>
                  {hint && <small>{hint}</small>}
                </>
              ),
              take: () => take(word),
            }))}
          />
        )}
        <input
          ref={field}
          class="composer-field"
          name="command"
          type="text"
          role="combobox"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="send"
          aria-label={`Message or command in ${name}`}
          aria-autocomplete="list"
          aria-expanded={offered.length > 0}
          aria-controls={offered.length > 0 ? id : undefined}
          aria-activedescendant={active >= 0 ? optionId(id, active) : undefined}
          placeholder={`Message ${name}, or type /`}
          value={text}
          onInput={({ currentTarget: { value } }) => write(value, true)}
          onBlur={() => openList(false)}
          onKeyDown={onKeyDown}
        />
        <div class="composer-foot">
          <GlobalShortcuts />
          <button type="submit" class="button primary send" aria-label="Send" disabled={text.trim() === ''}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M2 2.4 14.4 8 2 13.6V9.2L9 8 2 6.8Z" />
            </svg>
          </button>
        </div>
      </div>
    </form>
  );
}

/** A slash command goes to the app; anything else is said in the channel, and the app does not hear it. */
function deliver(channel: string, text: string): Promise<Outcome> {
  const [, command, rest] = /^(\/\S+)\s*(.*)$/s.exec(text) ?? [];
  if (command !== undefined) return tell('command', { channel, user: me.value, command, text: rest });
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return tell('say', { channel, user: me.value, text: escaped });
}

function moved(active: number, step: number, count: number): number {
  return active < 0 && step < 0 ? count - 1 : (active + step + count) % count;
}

function Suggestions({ onChoose }: { readonly onChoose: (suggestion: string) => void }) {
  if (settings.suggestions.length === 0) return null;
  return (
    <Scroll class="suggestions" label="Suggestions">
      {settings.suggestions.map((suggestion) => (
        <button key={suggestion} type="button" class="chip" onClick={() => onChoose(suggestion)}>
          {suggestion}
        </button>
      ))}
    </Scroll>
  );
}

function GlobalShortcuts() {
  return (
    <>
      {settings.shortcuts
        .filter(({ type }) => type === 'global')
        .map(({ name, callbackId }) => (
          <button
            key={callbackId}
            type="button"
            class="button shortcut"
            onClick={async () =>
              report(await tell<Outcome>('shortcut', { user: me.value, callback_id: callbackId }))
            }
          >
            <span aria-hidden="true">+ </span>
            {name}
          </button>
        ))}
    </>
  );
}
