import { RackView } from './rack/rack-view.tsx';
import { ChannelPane } from './slack/channel-pane.tsx';
import { ConfirmDialog } from './slack/confirm.tsx';
import { HomeTab } from './slack/home-tab.tsx';
import { Modal } from './slack/modal.tsx';
import { Sidebar } from './slack/sidebar.tsx';
import { Toasts } from './slack/toasts.tsx';
import { connected, shown } from './state.ts';
import { Tour } from './tour/tour.tsx';

/** Slack at the left, the tour and the rack at its right; where that is too wide, one of them at a time (style/frame.css). */
export function Layout() {
  return (
    <>
      <div class="app" data-shown={shown}>
        <Sidebar />
        <div class="place-tour">
          <Tour />
        </div>
        <main class="place-main">{shown.value === 'home' ? <HomeTab /> : <ChannelPane />}</main>
        <div class="place-rack">
          <RackView />
        </div>
      </div>
      {!connected.value && (
        <p class="offline" role="alert">
          The sandbox does not answer. Start it again; this page then goes on by itself.
        </p>
      )}
      <Modal />
      <ConfirmDialog />
      <Toasts />
    </>
  );
}
