import { home, users } from '../state.ts';
import { Blocks } from './blocks.tsx';
import { Scroll } from './scroll.tsx';

/** What the app publishes for the person that I am. */
export function HomeTab() {
  const bot = users.value.find((user) => user.isBot);
  return (
    <section class="home" aria-label="Home">
      <div class="pane-head">
        <h1>
          <span class="sign" aria-hidden="true">
            ⌂{' '}
          </span>
          {bot?.realName ?? 'App'}
        </h1>
        <p class="pane-note">Home</p>
      </div>
      <Scroll class="home-body" label="Home of the app">
        {home.value ? (
          <Blocks key={home.value.id} blocks={home.value.blocks} place={{ viewId: home.value.id }} />
        ) : (
          <p class="soft">The app has published nothing for you yet.</p>
        )}
      </Scroll>
    </section>
  );
}
