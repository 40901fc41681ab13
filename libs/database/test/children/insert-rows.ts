import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { InstanceEntity, openDatabase, RunEntity, Transactions, type OpenDatabaseOptions } from '../../src';

/** Writes rows in several ways at once, and says which are stored as soon as it has been told so. */
const { options, round } = JSON.parse(process.argv[2] ?? '') as { options: OpenDatabaseOptions; round: number };

const { dataSource } = await openDatabase({ ...options, now: undefined });
const transactions = new Transactions(dataSource);
const instances = dataSource.getRepository(InstanceEntity);
const runs = dataSource.getRepository(RunEntity);
// To the pipe at once: a buffered line would be lost with the process and prove nothing.
const acknowledge = (name: string) => writeSync(1, `${name}\n`);

const row = (name: string) => ({ name, base_blueprint: 'a.sh', slug: name, directory: name });

async function saveAll(): Promise<never> {
  for (let n = 0; ; n += 1) {
    const name = `save-${round}-${n}`;
    await instances.save(instances.create(row(name)));
    acknowledge(name);
  }
}

async function transactAll(): Promise<never> {
  for (let n = 0; ; n += 1) {
    const name = `transaction-${round}-${n}`;
    await transactions.run(async (manager) => {
      const { identifiers } = await manager.insert(InstanceEntity, row(name));
      const instance_id = identifiers[0]?.['id'] as number;
      await runs.insert({ id: name, instance_id, started_at: new Date().toISOString() });
    });
    acknowledge(name);
  }
}

async function failAll(): Promise<never> {
  for (let n = 0; ; n += 1) {
    const failing = transactions.run(async (manager) => {
      await manager.insert(InstanceEntity, row(`rolled-back-${round}-${n}`));
      throw new Error('on purpose');
    });
    await failing.catch(() => undefined);
  }
}

await Promise.all([saveAll(), transactAll(), failAll()]);
