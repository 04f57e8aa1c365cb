import type { WorldNode, WorldRouter, WorldSession, WorldTmm } from '../../src/world/world.ts';
import { isStale, nodeStatus, sessionKey, sessionStatus, shortName, tmmStatus } from './describe-world.ts';
import { NodeSwitches } from './node-switches.tsx';
import { StatusMark } from './status-mark.tsx';
import { SwitchRow } from './switch-button.tsx';
import { changed } from './world.ts';

/** A node, how it is mapped, its TMM pods and their sessions. */
export function NodeBox({
  node,
  tmms,
  routers,
}: {
  readonly node: WorldNode;
  readonly tmms: readonly WorldTmm[];
  readonly routers: readonly WorldRouter[];
}) {
  const { mark, words } = nodeStatus(node);
  const mapped = Object.entries(node.mapping);
  return (
    <section class="rack-node" aria-label={`Node ${node.name}`}>
      <SwitchRow
        isChanged={changed.value.has(`node ${node.name}`)}
        what={
          <>
            <StatusMark mark={mark} /> <strong title={node.name}>{shortName(node.name)}</strong>{' '}
            <span class="rack-words">{words}</span>
          </>
        }
        moreName={`Switches of ${shortName(node.name)}`}
        more={<NodeSwitches node={node} />}
      />
      {mapped.map(([lookup, peers]) => (
        <p key={lookup} class="rack-mapping">
          {lookup}: <code>{peers}</code>
        </p>
      ))}
      {mapped.length === 0 && <p class="rack-mapping">not mapped</p>}
      {tmms.length === 0 ? (
        <p class="rack-mapping">no TMM pod</p>
      ) : (
        <TmmRows tmms={tmms} routers={routers} node={node} />
      )}
    </section>
  );
}

export function TmmRows({
  tmms,
  routers,
  node,
}: {
  readonly tmms: readonly WorldTmm[];
  readonly routers: readonly WorldRouter[];
  /** Where they are; undefined while no node takes them. */
  readonly node: WorldNode | undefined;
}) {
  return (
    <ul class="rack-tmms">
      {tmms.map((tmm) => (
        <li key={tmm.name}>
          <div class={rowClass(`tmm ${tmm.name}`)}>
            <span class="rack-what">
              <StatusMark mark={tmmStatus(tmm).mark} /> <code>{tmm.name}</code>{' '}
              <span class="rack-words">
                {tmmStatus(tmm).words} · {timeOf(tmm.createdAtMs)}
              </span>
            </span>
          </div>
          {node !== undefined && isStale(tmm, node) && (
            <p class="rack-mapping rack-warn">⚠ runs an older mapping: it reads it only when it starts</p>
          )}
          <ul class="rack-sessions" aria-label={`Sessions of ${tmm.name}`}>
            {tmm.sessions.map((session) => (
              <SessionRow key={session.address} tmm={tmm} session={session} routers={routers} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function SessionRow({
  tmm,
  session,
  routers,
}: {
  readonly tmm: WorldTmm;
  readonly session: WorldSession;
  readonly routers: readonly WorldRouter[];
}) {
  const { mark, words } = sessionStatus(session, routers);
  const { address, families, prefixesReceived, prefixesSent, bfd, state } = session;
  return (
    <li class={rowClass(sessionKey(tmm, session))}>
      <span class="rack-what">
        <StatusMark mark={mark} /> <code>{address}</code> <span class="rack-words rack-state">{words}</span>
        {state === 'Established' && (
          <span class="rack-words">
            {' · '}
            <span class="rack-counts">
              {families.join(', ')} {prefixesReceived} in, {prefixesSent} out
            </span>
          </span>
        )}
        {bfd !== null && <span class="rack-words"> · BFD {bfd}</span>}
      </span>
    </li>
  );
}

function rowClass(key: string): string {
  return changed.value.has(key) ? 'rack-row rack-changed' : 'rack-row';
}

function timeOf(atMs: number): string {
  return new Date(atMs).toLocaleTimeString([], { hour12: false });
}
