import type { Answer, Part } from '../domain/answer.ts';
import type { Target } from '../domain/bgp/target.ts';
import { drawMap } from '../domain/map/draw-map.ts';
import { countsOf, describeMap, unhealthyNodes } from '../domain/map/network-map.ts';
import { toSvg } from '../domain/map/to-svg.ts';
import { counted } from '../domain/phrasing.ts';
import { isRefusal } from '../domain/refusal.ts';
import type { ClusterQuery } from './grammar/declaration.ts';
import { readMap } from './inspection/read-map.ts';
import { EXEC, SEE_TARGET } from './planning/rights.ts';

/** Racks, nodes, TMM pods, peers and sessions at this moment, as a picture. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'map',
  summary: 'A picture of racks, nodes, TMM pods, peers and sessions',
  forms: [[]],
  flags: ['target', 'public'],
  examples: ['map'],
  rights: [...SEE_TARGET, EXEC],
  read: () => async (target, cluster) => {
    const snapshot = await cluster.snapshot();
    return isRefusal(snapshot) ? snapshot : answer(target, await readMap(cluster, target, snapshot));
  },
};

/** Maximum number of listed nodes that need attention; the picture has all of them. */
const MAX_NOTES = 5;

function answer(target: Target, map: Awaited<ReturnType<typeof readMap>>): Answer {
  const troubled = unhealthyNodes(map);
  const more = troubled.length - MAX_NOTES;
  return {
    title: `Map of ${target.name}`,
    parts: [
      { kind: 'text', text: `${countsOf(map)}.` },
      ...troubled
        .slice(0, MAX_NOTES)
        .map(
          ({ name, words, verdict }): Part => ({ kind: 'note', tone: verdict, text: `${name}: ${words}` }),
        ),
      ...(more > 0
        ? [
            {
              kind: 'text' as const,
              text: `${counted(more, 'more needs', 'more need')} attention: see the picture.`,
            },
          ]
        : []),
      {
        kind: 'picture',
        name: `map-${target.name}`,
        svg: toSvg(drawMap(map)),
        alt: describeMap(map),
        asText: 'show',
      },
    ],
  };
}
