import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { fakeWebui, type FakeWebuiFlags, isFree, processesOfRun, timed, until, writeBlueprint } from '@aikore/testing';
import { note, useServer } from '../support/servers';

/** Apps that do not want to go, with how many strays each of them has at least. */
const corpus: [name: string, flags: FakeWebuiFlags, strays: number][] = [
  ['ignores TERM', { 'ignore-term': true }, 0],
  ['double fork and setsid', { 'fork-child': true }, 1],
  ['nohup', { nohup: true }, 1],
  ['forks while it is killed', { 'fork-storm': true }, 5],
  ['double fork with a cleared environment', { 'fork-child': true, 'clear-env': true }, 1],
  [
    'everything at once',
    { 'ignore-term': true, 'fork-child': true, nohup: true, 'fork-storm': true, 'clear-env': true },
    7,
  ],
];

test.describe('P9: stop removes the whole tree', () => {
  const using = useServer();

  for (const [name, flags, strays] of corpus) {
    test(name, async () => {
      const { server } = using;
      const mark = `mark-${randomUUID()}`;
      const blueprint = await writeBlueprint(server.dataDir, `${mark}.sh`, fakeWebui({ ...flags, mark }));
      const { id } = await server.create({ name, base_blueprint: blueprint });
      const instance = await server.act(id, 'start', 'started');
      const { port } = JSON.parse((await server.app(instance)).text) as { port: number };
      const runId = instance.run?.id ?? '';
      await until(() => processesOfRun(runId, mark).length >= strays + 2, 'its strays');
      const { result, ms } = await timed(() => server.act(id, 'stop', 'stopped'));
      expect(processesOfRun(runId, mark)).toEqual([]);
      note(`stop: ${name}`, ms);
      expect(ms).toBeLessThan(15_000);
      expect(result.status_reason).toBeNull();
      expect(await isFree(port)).toBe(true);
    });
  }

  test('what a crash leaves behind is removed as well', async () => {
    const { server } = using;
    const mark = `mark-${randomUUID()}`;
    const flags: FakeWebuiFlags = { 'fork-child': true, 'clear-env': true, mark };
    const blueprint = await writeBlueprint(server.dataDir, `${mark}.sh`, fakeWebui(flags));
    const { id } = await server.create({ name: 'crashes with strays', base_blueprint: blueprint });
    const instance = await server.act(id, 'start', 'started');
    await until(() => processesOfRun('', mark).length >= 3, 'its strays');
    await server.app(instance, 'exit?code=9');
    await server.untilInstance(id, ({ status }) => status === 'error', 'the error');
    await until(() => processesOfRun(instance.run?.id ?? '', mark).length === 0, 'the strays to be gone');
  });
});
