import { expect, test } from '@playwright/test';
import { fakeWebui, timed, writeBlueprint } from '@aikore/testing';
import { note, useServer } from '../support/servers';

test.describe.serial('an app that listens beyond loopback', () => {
  const using = useServer({ poolSize: 2 });

  test('is told within 5 s, and no longer once it is gone', async () => {
    const { server } = using;
    // The app itself keeps to loopback; a child of it does not.
    const blueprint = await writeBlueprint(
      server.dataDir,
      'Open.sh',
      `python3 -c 'import socket,time; s=socket.create_server(("0.0.0.0",0)); print("open", s.getsockname()[1], flush=True); time.sleep(600)' &\n${fakeWebui()}`,
    );
    const { id } = await server.create({ name: 'open', base_blueprint: blueprint });
    expect((await server.act(id, 'start', 'started')).exposed).toEqual(expect.any(Array));
    const { ms } = await timed(() =>
      server.untilInstance(id, ({ exposed }) => exposed.length > 0, 'the warning', 5000),
    );
    note('listener beyond loopback noticed after', ms);
    const [port] = /(?<=open )\d+/.exec((await server.log(id)).toString()) ?? [];
    expect((await server.get(id)).exposed).toEqual([`0.0.0.0:${port}`]);
    expect((await server.act(id, 'stop', 'stopped')).exposed).toEqual([]);
  });
});
