import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Option } from './block-types.ts';
import { Listbox, optionId } from './listbox.tsx';
import { putBeside } from './put-beside.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  readonly group?: string;
  /** As the app gave it. */
  readonly option?: Option;
}

interface ComboboxProps {
  readonly control: object & { readonly 'aria-label': string | undefined };
  readonly placeholder: string;
  readonly isSeveral: boolean;
  readonly max: number;
  readonly chosen: readonly Choice[];
  onChoose(choices: readonly Choice[]): void;
  /** So many characters are typed before something is looked for. */
  readonly minimum: number;
  find(typed: string): Promise<readonly Choice[]>;
}

const TYPING_PAUSE_MS = 120;

/** A menu to type in. Of several, each that was chosen is a button that takes it out again. */
export function Combobox({
  control,
  placeholder,
  isSeveral,
  max,
  chosen,
  onChoose,
  minimum,
  find,
}: ComboboxProps) {
  const [typed, setTyped] = useState<string>();
  const [offered, setOffered] = useState<readonly Choice[]>();
  const [active, setActive] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const asked = useRef(0);
  const waiting = useRef(0);
  const id = useId();
  const shown = isSeveral
    ? offered?.filter(({ value }) => !chosen.some((other) => other.value === value))
    : offered;
  const one = isSeveral ? undefined : chosen[0];

  useLayoutEffect(() => {
    if (panel.current === null || field.current === null) return;
    if (!panel.current.matches(':popover-open')) panel.current.showPopover();
    panel.current.style.width = `${field.current.offsetWidth}px`;
    putBeside(panel.current, field.current);
  }, [shown?.length]);

  function look(text: string): void {
    clearTimeout(waiting.current);
    asked.current += 1;
    const mine = asked.current;
    if (text.length < minimum) {
      setOffered(undefined);
      return;
    }
    waiting.current = window.setTimeout(async () => {
      const found = await find(text);
      if (mine !== asked.current) return;
      setOffered(found);
      setActive(0);
    }, TYPING_PAUSE_MS);
  }

  function close(): void {
    clearTimeout(waiting.current);
    asked.current += 1;
    setOffered(undefined);
  }

  function take(choice: Choice): void {
    setTyped(undefined);
    close();
    onChoose(isSeveral ? [...chosen, choice].slice(0, max) : [choice]);
  }

  /** What was typed in full counts as chosen; what was not is dropped, and an empty field means none. */
  function leave(): void {
    const exact = shown?.find(({ label }) => label === typed?.trim());
    if (exact) take(exact);
    else if (!isSeveral && typed === '' && one !== undefined) onChoose([]);
    setTyped(undefined);
    close();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const count = shown?.length ?? 0;
    const current = shown?.[active];
    if (event.key === 'ArrowDown' && count === 0) look(typed ?? '');
    else if (event.key === 'ArrowDown' && count > 0) setActive((active + 1) % count);
    else if (event.key === 'ArrowUp' && count > 0) setActive((active + count - 1) % count);
    else if (event.key === 'Enter' && current) take(current);
    else if (event.key === 'Escape' && shown !== undefined) close();
    else if (event.key === 'Backspace' && isSeveral && !typed && chosen.length > 0)
      onChoose(chosen.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div class="combobox">
      {isSeveral && chosen.length > 0 && (
        <div class="picked">
          {chosen.map((choice) => (
            <button
              key={choice.value}
              type="button"
              class="chip"
              aria-label={`Remove ${choice.label}`}
              onClick={() => onChoose(chosen.filter(({ value }) => value !== choice.value))}
            >
              {choice.label} <span aria-hidden="true">✕</span>
            </button>
          ))}
        </div>
      )}
      <input
        {...control}
        ref={field}
        class="field"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={shown !== undefined}
        aria-controls={shown === undefined ? undefined : id}
        aria-activedescendant={shown?.[active] === undefined ? undefined : optionId(id, active)}
        placeholder={placeholder}
        value={typed ?? one?.label ?? ''}
        onInput={({ currentTarget: { value } }) => {
          setTyped(value);
          look(value);
        }}
        onClick={() => look(typed ?? '')}
        onBlur={leave}
        onKeyDown={onKeyDown}
      />
      {shown && (
        <Listbox
          id={id}
          class="menu listbox"
          label={control['aria-label'] ?? placeholder}
          active={active}
          panel={panel}
          isPopover
          options={shown.map((choice, index) => ({
            key: choice.value,
            content: <ChoiceLine choice={choice} before={shown[index - 1]} />,
            take: () => take(choice),
          }))}
        />
      )}
    </div>
  );
}

function ChoiceLine({ choice, before }: { readonly choice: Choice; readonly before: Choice | undefined }) {
  return (
    <>
      {choice.group !== undefined && choice.group !== before?.group && (
        <b class="menu-group">{choice.group}</b>
      )}
      {choice.label}
      {choice.hint && <small>{choice.hint}</small>}
    </>
  );
}
