import { expect, test } from '@playwright/test';
import type { Instance } from '@aikore/contract';
import { adminLogin, Cli, fakeWebui, until, writeBlueprint } from '@aikore/testing';
import { useServer } from '../support/servers';

test.describe.serial('the aikore command', () => {
  const using = useServer();
  let cli: Cli;

  test.beforeAll(async () => {
    const { server } = using;
    cli = new Cli(server.dataDir, server.url);
    await writeBlueprint(server.dataDir, 'Ticker.sh', fakeWebui({ spew: 20 }));
  });

  test('refuses politely before the login, and with a wrong password', async () => {
    const before = await cli.run(['ls']);
    expect([before.code, before.err]).toEqual([3, expect.stringContaining('aikore login')]);
    const wrong = await cli.run(['login', '-u', adminLogin.username, '--password-stdin'], 'wrong password');
    expect([wrong.code, wrong.err]).toEqual([3, expect.stringContaining('password is wrong')]);
  });

  test('logs in, starts and lists', async () => {
    const login = await cli.run(['login', '-u', adminLogin.username, '--password-stdin'], adminLogin.password);
    expect([login.code, login.out]).toEqual([0, expect.stringContaining('Logged in')]);
    const created = await using.server.create({ name: 'tick tock', base_blueprint: 'Ticker.sh' });
    const started = await cli.run(['start', 'tick-tock', '--wait', '--json']);
    expect(started.code).toBe(0);
    expect(JSON.parse(started.out)).toMatchObject({ id: created.id, status: 'started' });
    const listed = JSON.parse((await cli.run(['ls', '--json'])).out) as Instance[];
    expect(listed.map(({ name }) => name)).toEqual(['tick tock']);
    expect((await cli.run(['ls'])).out).toContain('tick tock');
  });

  test('says what is wrong with its exit code', async () => {
    expect((await cli.run(['start', 'tick-tock'])).code).toBe(5);
    expect((await cli.run(['stop', 'nobody'])).code).toBe(4);
    expect((await cli.run(['dance'])).code).toBe(2);
  });

  test('follows a log over a kill -9 of the server without losing or doubling a line', async () => {
    const { server } = using;
    const following = cli.start(['logs', 'tick-tock', '-f']);
    try {
      await until(() => following.text().includes('line 00000050'), 'fifty lines');
      await server.crashAndBoot();
      await until(
        () => /line 0000[^0]\d{3}|line 00000[2-9]\d\d/.test(following.text()),
        'lines after the restart',
        60_000,
      );
    } finally {
      following.child.kill('SIGINT');
    }
    const { code, out } = await following.ended;
    expect(code).toBe(130);
    const numbers = [...out.matchAll(/^line (\d{8})$/gm)].map((match) => Number(match[1]));
    const [first = 0] = numbers;
    expect(numbers).toEqual(numbers.map((_, index) => first + index));
  });

  test('stops, and lists the run', async () => {
    const stopped = await cli.run(['stop', 'tick-tock', '--wait', '--json']);
    expect(JSON.parse(stopped.out)).toMatchObject({ status: 'stopped' });
    expect((await cli.run(['runs', 'tick-tock'])).out).toContain('SIGTERM');
  });
});
