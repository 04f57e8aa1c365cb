import { act } from './act.ts';
import type { Field, Place } from './block-types.ts';
import { type Entry, entryOf } from './entries.ts';
import { ChoiceField } from './field-choices.tsx';
import { SelectField } from './field-select.tsx';
import { RichTextField, TextField } from './field-text.tsx';
import { TimeField } from './field-time.tsx';

interface FieldViewProps {
  readonly element: Field;
  readonly place: Place;
  readonly blockId: string;
  /** Where no label is to be seen. */
  readonly label?: string;
  readonly id?: string;
  readonly describedBy?: string | undefined;
  readonly isInvalid?: boolean;
  /** Whether the app hears of each change. */
  readonly isDispatching: boolean;
  readonly onEdit?: () => void;
}

/** A control with a value, of whatever type. */
export function FieldView(props: FieldViewProps) {
  const { element, place, blockId, isDispatching, onEdit } = props;
  const entry = entryOf(place, blockId, element);

  function send(before: Entry): void {
    if (!isDispatching) return;
    void act(place, blockId, element, entry.value).then((isSent) => {
      if (!isSent) entry.value = before;
    });
  }
  const shared = {
    entry,
    place,
    blockId,
    choose(next: Entry) {
      const before = entry.value;
      entry.value = next;
      onEdit?.();
      send(before);
    },
    edit(next: Entry) {
      entry.value = next;
      onEdit?.();
    },
    dispatch: () => send(entry.value),
    control: {
      id: props.id,
      'aria-label': props.label,
      'aria-describedby': props.describedBy,
      'aria-invalid': props.isInvalid === true ? true : undefined,
    },
  };
  switch (element.type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return <TextField {...shared} element={element} />;
    case 'rich_text_input':
      return <RichTextField {...shared} element={element} />;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return <TimeField {...shared} element={element} />;
    case 'checkboxes':
    case 'radio_buttons':
      return <ChoiceField {...shared} element={element} />;
    case 'file_input':
      return <p class="placeholder">The sandbox takes no files from people.</p>;
    default:
      return <SelectField {...shared} element={element} />;
  }
}
