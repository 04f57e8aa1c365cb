import type { World, WorldTmm } from '../../src/world/world.ts';
import { BreakGroup } from './break-group.tsx';
import { addressesIn } from './describe-world.ts';
import { NodeBox, TmmRows } from './node-box.tsx';
import './rack.css';
import { RouterRow } from './router-row.tsx';
import { refused, spoken, world } from './world.ts';

/** Nodes, TMM pods, peers and sessions as they are now, with switches that break them. */
export function RackView() {
  const now = world.value;
  return (
    <aside class="rack" aria-label="Racks">
      <h2>Racks</h2>
      {refused.value !== '' && (
        <p class="rack-refused" role="alert">
          ✗ {refused.value}
        </p>
      )}
      {now === null ? <p>Reading the cluster …</p> : <Racks world={now} />}
      <p class="rack-spoken" role="status">
        {spoken.value}
      </p>
    </aside>
  );
}

function Racks({ world: now }: { readonly world: World }) {
  const placed = [...new Set([...now.nodes, ...now.routers].map(({ rack }) => rack))].toSorted();
  const homeless = now.tmms.filter(({ node }) => node === '');
  return (
    <>
      <p class="rack-summary">{summary(now)}</p>
      {placed.map((rack) => (
        <Rack key={rack} name={rack} world={now} />
      ))}
      {homeless.length > 0 && <Waiting tmms={homeless} world={now} />}
      <BreakGroup world={now} />
    </>
  );
}

function Rack({ name, world: { nodes, routers, tmms } }: { readonly name: string; readonly world: World }) {
  const title = name === '' ? 'No rack' : `Rack ${name}`;
  const inUse = new Set([
    ...nodes.flatMap(({ mapping }) => Object.values(mapping).flatMap(addressesIn)),
    ...tmms.flatMap(({ sessions }) => sessions.map(({ address }) => address)),
  ]);
  return (
    <section class="rack-box" aria-label={title}>
      <h3>{title}</h3>
      <ul class="rack-routers" aria-label={`Routers of ${title}`}>
        {routers
          .filter(({ rack }) => rack === name)
          .map((router) => (
            <RouterRow
              key={router.address}
              router={router}
              isSpare={!inUse.has(router.address)}
              hasBfd={tmms.some(({ sessions }) =>
                sessions.some((one) => one.address === router.address && one.bfd !== null),
              )}
            />
          ))}
      </ul>
      {nodes
        .filter(({ rack }) => rack === name)
        .map((node) => (
          <NodeBox
            key={node.name}
            node={node}
            tmms={tmms.filter((tmm) => tmm.node === node.name)}
            routers={routers}
          />
        ))}
    </section>
  );
}

function Waiting({
  tmms,
  world: { routers },
}: {
  readonly tmms: readonly WorldTmm[];
  readonly world: World;
}) {
  return (
    <section class="rack-box" aria-label="Not scheduled">
      <h3>Not scheduled: no node takes them</h3>
      <TmmRows tmms={tmms} routers={routers} node={undefined} />
    </section>
  );
}

function summary({ tmms }: World): string {
  const sessions = tmms.flatMap((tmm) => tmm.sessions);
  const established = sessions.filter(({ state }) => state === 'Established').length;
  const ready = tmms.filter((tmm) => tmm.ready).length;
  return `${established} of ${sessions.length} sessions Established · ${ready} TMM pods ready`;
}
