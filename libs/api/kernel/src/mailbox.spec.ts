import { describe, expect, it } from 'vitest';
import { Mailbox } from './mailbox';

describe('Mailbox', () => {
  const gate = () => {
    let open = (): void => undefined;
    const passed = new Promise<void>((resolve) => (open = resolve));
    return { open: () => open(), passed };
  };

  it('runs the tasks of a key in order, one at a time, and keys side by side', async () => {
    const mailbox = new Mailbox<number>();
    const [slow, log] = [gate(), [] as string[]];
    const first = mailbox.post(1, async () => {
      log.push('1a begins');
      await slow.passed;
      log.push('1a ends');
      return 'a';
    });
    const second = mailbox.post(1, () => Promise.resolve(log.push('1b')));
    await mailbox.post(2, () => Promise.resolve(log.push('2')));
    expect(log).toEqual(['1a begins', '2']);
    slow.open();
    expect(await first).toBe('a');
    await second;
    expect(log).toEqual(['1a begins', '2', '1a ends', '1b']);
  });

  it('goes on after a failure, which only its caller sees', async () => {
    const mailbox = new Mailbox<string>();
    const failed = mailbox.post('x', () => Promise.reject(new Error('no')));
    const next = mailbox.post('x', () => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
    await expect(
      mailbox.post('x', () => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
  });

  it('is idle when everything is done, what was posted meanwhile included', async () => {
    const mailbox = new Mailbox<string>();
    const log: string[] = [];
    void mailbox.post('x', async () => {
      await Promise.resolve();
      log.push('x');
      void mailbox.post('y', async () => {
        await Promise.resolve();
        log.push('y');
      });
    });
    await mailbox.idle();
    expect(log).toEqual(['x', 'y']);
    await mailbox.idle();
  });
});
