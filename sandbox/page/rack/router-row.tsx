import type { WorldRouter } from '../../src/world/world.ts';
import { routerStatus } from './describe-world.ts';
import { StatusMark } from './status-mark.tsx';
import { SwitchButton, SwitchRow } from './switch-button.tsx';
import { changed, flip } from './world.ts';

/** A router with its state, the switch that takes it down, and a menu of what else may be wrong with it. */
export function RouterRow({
  router,
  isSpare,
  hasBfd,
}: {
  readonly router: WorldRouter;
  /** No node is mapped to it, and no TMM has it as a peer. */
  readonly isSpare: boolean;
  /** Some TMM runs BFD with it. */
  readonly hasBfd: boolean;
}) {
  const { address, up, flapping, shutDown, bfd } = router;
  const set = (change: { up?: boolean; flapping?: boolean; shutDown?: boolean; bfd?: boolean }) =>
    flip({ do: 'router', address, ...change });
  const isDown = !up && !flapping;
  const { mark, words } = routerStatus(router);
  return (
    <li>
      <SwitchRow
        isChanged={changed.value.has(`router ${address}`)}
        what={
          <>
            <StatusMark mark={mark} /> <code>{address}</code>{' '}
            <span class="rack-words">
              {words}
              {isSpare && ' · spare'}
            </span>
          </>
        }
        switches={
          <SwitchButton pressed={isDown} name={`Router ${address} down`} onPress={() => set({ up: isDown })}>
            Down
          </SwitchButton>
        }
        moreName={`More switches of router ${address}`}
        more={
          <>
            <SwitchButton
              pressed={flapping}
              name={`Router ${address} flaps`}
              onPress={() => set({ flapping: !flapping })}
            >
              Flaps
            </SwitchButton>
            <SwitchButton
              pressed={shutDown}
              name={`Router ${address} shut down as neighbor in every TMM`}
              onPress={() => set({ shutDown: !shutDown })}
            >
              Shut down as neighbor
            </SwitchButton>
            {(hasBfd || !bfd) && (
              <SwitchButton
                pressed={!bfd}
                name={`Router ${address} BFD off`}
                onPress={() => set({ bfd: !bfd })}
              >
                BFD off
              </SwitchButton>
            )}
          </>
        }
      />
    </li>
  );
}
