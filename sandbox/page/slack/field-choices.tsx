import { useId } from 'preact/hooks';
import type { FieldOf, Option } from './block-types.ts';
import type { Entered } from './entries.ts';
import type { FieldProps } from './field-props.ts';
import { TextOf } from './text-of.tsx';

/** Checkboxes, of which any number is chosen, or radio buttons. */
export function ChoiceField({
  element,
  entry,
  choose,
  control,
}: FieldProps<FieldOf<'checkboxes' | 'radio_buttons'>>) {
  const name = useId();
  const isSeveral = element.type === 'checkboxes';
  const chosen = valuesIn(isSeveral ? entry.value.selected_options : entry.value.selected_option);

  function change(option: Option, isChecked: boolean): void {
    if (!isSeveral) {
      choose({ selected_option: option });
      return;
    }
    const others = chosen.filter((value) => value !== option.value);
    const values = isChecked ? [...others, option.value] : others;
    choose({ selected_options: element.options.filter(({ value }) => values.includes(value)) });
  }

  const { 'aria-invalid': isInvalid, ...group } = control;
  return (
    <div
      {...group}
      class={isInvalid ? 'choices invalid' : 'choices'}
      role={isSeveral ? 'group' : 'radiogroup'}
    >
      {element.options.map((option) => (
        <label key={option.value}>
          <input
            type={isSeveral ? 'checkbox' : 'radio'}
            name={name}
            checked={chosen.includes(option.value)}
            onChange={({ currentTarget }) => change(option, currentTarget.checked)}
          />
          <span>
            <TextOf text={option.text} />
            {option.description && (
              <small>
                <TextOf text={option.description} />
              </small>
            )}
          </span>
        </label>
      ))}
    </div>
  );
}

/** The values of options, or ids, in what an element holds. */
export function valuesIn(entered: Entered | undefined): string[] {
  if (entered === undefined || entered === null || typeof entered === 'number') return [];
  const list = typeof entered === 'object' && 'length' in entered ? entered : [entered];
  return list.flatMap((item) => (typeof item === 'string' ? [item] : 'value' in item ? [item.value] : []));
}
