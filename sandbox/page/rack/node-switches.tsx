import { useState } from 'preact/hooks';
import type { WorldNode } from '../../src/world/world.ts';
import { shortName } from './describe-world.ts';
import { SwitchButton } from './switch-button.tsx';
import { flip, world } from './world.ts';

/** What can be done to a node: cordon, drain, taint, and its mapping edited by hand. */
export function NodeSwitches({ node }: { readonly node: WorldNode }) {
  const short = shortName(node.name);
  const tainted = node.taints.some((taint) => taint.startsWith('sandbox/'));
  return (
    <>
      <SwitchButton
        pressed={node.cordoned}
        name={`Cordon ${short}`}
        onPress={() => flip({ do: 'node', node: node.name, cordoned: !node.cordoned })}
      >
        Cordon
      </SwitchButton>
      <SwitchButton
        pressed={tainted}
        name={`Taint ${short} NoSchedule`}
        onPress={() => flip({ do: 'node', node: node.name, tainted: !tainted })}
      >
        Taint
      </SwitchButton>
      <SwitchButton
        name={`Drain ${short}: cordon it and evict its TMM pods`}
        onPress={() => flip({ do: 'drain', node: node.name })}
      >
        Drain
      </SwitchButton>
      {world.value?.lookups.map((lookup) => (
        <MappingForm key={lookup} lookup={lookup} node={node} />
      ))}
    </>
  );
}

/** Writes one key of a lookup behind the bot's back; an empty value deletes it. */
function MappingForm({ lookup, node }: { readonly lookup: string; readonly node: WorldNode }) {
  const written = node.mapping[lookup] ?? '';
  const [typed, setTyped] = useState<string>();
  const save = async () => {
    const peers = (typed ?? written).trim();
    await flip({ do: 'map', lookup, node: node.name, peers: peers === '' ? null : peers });
    setTyped(undefined);
  };
  const short = shortName(node.name);
  return (
    <form
      class="rack-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label>
        <span>
          {lookup} of {short}, by hand
        </span>
        <input
          value={typed ?? written}
          placeholder="empty deletes it"
          autocomplete="off"
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      <button type="submit" class="rack-switch" aria-label={`Write ${lookup} of ${short}`}>
        Write
      </button>
    </form>
  );
}
