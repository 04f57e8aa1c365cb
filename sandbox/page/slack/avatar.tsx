import { users } from '../state.ts';

const COLOURS = 6;

/** Initials on a colour of their own; the app has its mark. */
export function Avatar({ user, isApp = false }: { readonly user: string; readonly isApp?: boolean }) {
  if (isApp) return <span class="avatar app-mark" aria-hidden="true" />;
  const index = users.value.findIndex((known) => known.id === user);
  return (
    <span class={`avatar colour${index < 0 ? 0 : index % COLOURS}`} aria-hidden="true">
      {nameOf(user).slice(0, 1).toUpperCase()}
    </span>
  );
}

export function nameOf(id: string): string {
  if (id === 'USLACKBOT') return 'Slackbot';
  return users.value.find((user) => user.id === id)?.realName ?? id;
}
