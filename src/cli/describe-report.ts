import type { TrailReport } from '../domain/audit/verify/verify-trail.ts';

/** What the check of a trail found, in sentences: the first wrong record first, and never more than was checked. */
export function describeReport(report: TrailReport): string {
  const { faults, faultCount } = report;
  const more = faultCount - faults.length;
  return [
    ...faults.map(({ sentence }) => sentence),
    ...(more > 0 ? [`… and ${more} more.`] : []),
    verdict(report),
    ...anchorWords(report),
    ...signatureWords(report),
    ...told(
      report.ofLaterFormat,
      'record is',
      'records are',
      'of a later format, whose hash was checked like any other.',
    ),
  ].join('\n');
}

function verdict(report: TrailReport): string {
  const { extent, records, first, head, faultCount, checkpoint, change } = report;
  const read = records === 1 ? '1 record' : `${records} records`;
  const [from, to] = [first?.seq ?? 0, head?.seq ?? 0];
  const end = `#${to} ${head?.hash ?? ''}`;
  if (extent === 'selection') {
    const unchanged = faultCount === 0 ? 'each is unchanged; ' : '';
    const accept = change?.said ? '' : ` To accept it as what it is, give --change ${change?.id}.`;
    return `A selection of ${read}, those of ${change?.id}: ${unchanged}order and completeness can only be checked on the whole trail.${accept}`;
  }
  if (faultCount > 0)
    return `${read} read, #${from} to #${to}; ${faultCount === 1 ? '1 fault' : `${faultCount} faults`}. It does not show the trail whole and unchanged.`;
  if (extent === 'whole') return `${read}, whole from the first one on. The trail ends with ${end}.`;
  const closed =
    checkpoint === undefined
      ? 'as an anchor says'
      : `whose removal the checkpoint in record ${checkpoint} closes`;
  return `${read}, a part of the trail without a gap. It begins with #${from} and follows record ${from - 1} with hash ${first?.prev}, ${closed}. It ends with ${end}.`;
}

function anchorWords({ anchors, extent, told: last, first }: TrailReport): readonly string[] {
  const { agreed, agreedUpTo, notCompared } = anchors;
  const words: string[] = [];
  if (agreed > 0)
    words.push(`${agreed === 1 ? '1 anchor agrees' : `${agreed} anchors agree`}, up to #${agreedUpTo}.`);
  else if (extent !== 'selection' && last !== undefined)
    words.push(
      `No anchor was compared: the last notice in the audit channel has to end in #${last.seq} ${last.hash}.`,
    );
  if (notCompared.length > 0) {
    const which = notCompared.slice(0, 5).map((seq) => `#${seq}`);
    const rest = notCompared.length > 5 ? ` and ${notCompared.length - 5} more` : '';
    const why =
      extent === 'selection' ? 'the selection does not have them' : `the file begins with #${first?.seq}`;
    words.push(`Anchors that cannot be compared: ${which.join(', ')}${rest}; ${why}.`);
  }
  return words;
}

function signatureWords({ signatures, head }: TrailReport): readonly string[] {
  if (signatures === undefined) return [];
  const { key, upTo, byOthers, notCompared } = signatures;
  const after = (head?.seq ?? 0) - upTo;
  return [
    upTo === 0
      ? `Signed by the key ${key}: nothing.`
      : `Signed up to #${upTo} by the key ${key}; ${after === 1 ? '1 record after it is' : `${after} records after it are`} not.`,
    ...told(byOthers, 'signature by another key was', 'signatures by other keys were', 'not checked.'),
    ...told(
      notCompared,
      'signature is',
      'signatures are',
      'of a record that the file does not have or too far back.',
    ),
  ];
}

/** A sentence about so many, or none. */
function told(count: number, one: string, many: string, rest: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many} ${rest}`];
}
