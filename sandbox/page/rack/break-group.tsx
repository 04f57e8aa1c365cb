import type { World } from '../../src/world/world.ts';
import type { Mark } from './describe-world.ts';
import { StatusMark } from './status-mark.tsx';
import { SwitchButton } from './switch-button.tsx';
import { changed, flip } from './world.ts';

const CUT_FOR_MS = 10_000;

/** The bot and what it stands on, and how to take it away. */
export function BreakGroup({ world: { bot, redis, slack, rejectsNextPod } }: { readonly world: World }) {
  return (
    <section class="rack-box" aria-label="Break something">
      <h3>Break something</h3>
      <ul class="rack-routers">
        <State
          name="bot"
          mark={bot.running ? '✓' : '✗'}
          words={bot.running ? `Bot running, process ${bot.pid}` : 'Bot killed, comes back by itself'}
        />
        <State
          name="redis"
          mark={redis === 'up' ? '✓' : '✗'}
          words={redis === 'up' ? 'Redis up' : 'Redis cut, comes back by itself'}
        />
        <State name="slack" mark={SLACK_MARKS[slack]} words={`Slack ${SLACK_WORDS[slack]}`} />
        {rejectsNextPod && <State name="reject" mark="✗" words="The next TMM pod will be rejected" />}
      </ul>
      <div class="rack-buttons">
        <SwitchButton name="Kill the bot" onPress={() => flip({ do: 'kill-bot' })}>
          Kill the bot
        </SwitchButton>
        <SwitchButton name="Cut Redis for 10 s" onPress={() => flip({ do: 'cut-redis', forMs: CUT_FOR_MS })}>
          Cut Redis for 10 s
        </SwitchButton>
        <SwitchButton
          pressed={slack === 'slow'}
          name="Slack slow"
          onPress={() => flip({ do: 'slack', service: slack === 'slow' ? 'normal' : 'slow' })}
        >
          Slack slow
        </SwitchButton>
        <SwitchButton
          pressed={slack === 'out'}
          name="Slack out"
          onPress={() => flip({ do: 'slack', service: slack === 'out' ? 'normal' : 'out' })}
        >
          Slack out
        </SwitchButton>
        <SwitchButton
          pressed={rejectsNextPod}
          name="Reject the next pod"
          onPress={() => flip({ do: 'reject-next-pod', rejects: !rejectsNextPod })}
        >
          Reject the next pod
        </SwitchButton>
        <SwitchButton name="Mend everything" onPress={() => flip({ do: 'mend' })}>
          Mend everything
        </SwitchButton>
      </div>
    </section>
  );
}

const SLACK_MARKS: Readonly<Record<World['slack'], Mark>> = { normal: '✓', slow: '◌', out: '✗' };
const SLACK_WORDS: Readonly<Record<World['slack'], string>> = {
  normal: 'up',
  slow: 'slow: each call takes 2 s',
  out: 'out: it refuses every call',
};

function State({
  name,
  mark,
  words,
}: {
  readonly name: string;
  readonly mark: Mark;
  readonly words: string;
}) {
  return (
    <li class={changed.value.has(name) ? 'rack-row rack-changed' : 'rack-row'}>
      <span class="rack-what">
        <StatusMark mark={mark} /> <span class="rack-words">{words}</span>
      </span>
    </li>
  );
}
