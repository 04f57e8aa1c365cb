import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { auditRecordSchema } from '../domain/record-schema.ts';
import { verifyChain } from '../domain/verify-chain.ts';

/** Checks an export without Redis, in constant memory. Exit code 0: whole; 1: not; 2: not an export. */
export async function auditVerify(file: string): Promise<number> {
  const chain = verifyChain();
  let line = 0;
  try {
    for await (const text of createInterface({
      input: createReadStream(file),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      line += 1;
      if (text.trim() === '') continue;
      chain.take(auditRecordSchema.parse(JSON.parse(text)));
    }
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? error.message : `line ${line} is no audit record`;
    process.stderr.write(`${file}: ${why}\n`);
    return 2;
  }
  const { records, head, faults } = chain.end();
  for (const { seq, problem } of faults) process.stderr.write(`record ${seq}: ${problem}\n`);
  if (faults.length > 0 || head === undefined) {
    process.stderr.write(
      head === undefined ? `${file}: no records\n` : `${records} records, ${faults.length} faults\n`,
    );
    return 1;
  }
  process.stdout.write(
    `${records} records, whole. It ends with #${head.seq} ${head.hash}: compare this with the audit channel.\n`,
  );
  return 0;
}
