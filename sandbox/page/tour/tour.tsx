import { useState } from 'preact/hooks';
import { flip } from '../rack/world.ts';
import { chooseChannel, choosePerson, draft, me } from '../state.ts';
import { doneSteps, isSkipped, restartTour, skipTour, steps } from './progress.ts';
import { ALICE, CHANNEL, type Help, type Step } from './steps.ts';
import './tour.css';

/** Six steps from the first command to the trail; each is ticked once the page sees that it was done. */
export function Tour() {
  const all = steps.value;
  const at = doneSteps.value;
  if (all.length === 0) return <section class="tour" aria-label="Tour" />;
  if (isSkipped.value)
    return (
      <section class="tour tour-skipped" aria-label="Tour">
        <button type="button" class="tour-button" onClick={restartTour}>
          Start the tour
        </button>
      </section>
    );
  const current = all[at];
  return (
    <section class="tour" aria-label="Tour">
      <header class="tour-head">
        <h2>{current === undefined ? 'Tour: done' : `Tour: step ${at + 1} of ${all.length}`}</h2>
        <span>
          {at > 0 && (
            <button type="button" class="tour-quiet" onClick={restartTour}>
              Restart
            </button>
          )}
          <button type="button" class="tour-quiet" onClick={skipTour}>
            {current === undefined ? 'Close' : 'Skip'}
          </button>
        </span>
      </header>
      <ol class="tour-steps">
        {all.map((step, index) => (
          <StepTitle
            key={step.title}
            step={step}
            number={index + 1}
            isDone={index < at}
            isCurrent={index === at}
          />
        ))}
      </ol>
      {current === undefined ? <End /> : <Current key={at} step={current} />}
      <p class="tour-spoken" role="status">
        {at > 0 &&
          `${all[at - 1]?.title}: done. ${current === undefined ? 'The tour is over.' : `Next: ${current.title}.`}`}
      </p>
    </section>
  );
}

function StepTitle({
  step,
  number,
  isDone,
  isCurrent,
}: {
  readonly step: Step;
  readonly number: number;
  readonly isDone: boolean;
  readonly isCurrent: boolean;
}) {
  return (
    <li class={isDone ? 'tour-done' : ''} aria-current={isCurrent ? 'step' : undefined}>
      {isDone ? (
        <span role="img" aria-label="done">
          ✓
        </span>
      ) : (
        `${number}.`
      )}{' '}
      {step.title}
    </li>
  );
}

function Current({ step }: { readonly step: Step }) {
  const [helped, setHelped] = useState<ReadonlySet<string>>(new Set());
  return (
    <div class="tour-current">
      <p>{step.text}</p>
      <div class="tour-helps">
        {step.helps.map((help) => (
          <button
            key={help.label}
            type="button"
            class="tour-button"
            onClick={() => {
              setHelped(new Set([...helped, help.label]));
              void give(help);
            }}
          >
            {(help.kind === 'person' ? me.value === help.person : helped.has(help.label)) && (
              <span aria-hidden="true">✓ </span>
            )}
            {help.label}
          </button>
        ))}
      </div>
    </div>
  );
}

async function give(help: Help): Promise<void> {
  if (help.kind === 'switch') return flip(help.flip);
  choosePerson(help.kind === 'person' ? help.person : ALICE);
  chooseChannel(CHANNEL);
  if (help.kind === 'command') draft.value = help.command;
}

function End() {
  return (
    <div class="tour-current">
      <p>
        That is all: asked, approved, watched, stopped, rolled back, and on record. The rack has more to
        break.
      </p>
      <div class="tour-helps">
        <button type="button" class="tour-button" onClick={() => void flip({ do: 'mend' })}>
          Mend what I broke
        </button>
      </div>
    </div>
  );
}
