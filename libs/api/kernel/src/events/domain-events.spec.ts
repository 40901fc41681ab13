import { Logger } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { DomainEvents } from './domain-events';

describe('DomainEvents', () => {
  it('reaches every listener, also behind one that throws, until it is taken off', () => {
    Logger.overrideLogger(false);
    const events = new DomainEvents();
    const seen: number[] = [];
    events.on('instance.removed', () => {
      throw new Error('broken');
    });
    const off = events.on('instance.removed', ({ id }) => seen.push(id));
    events.emit('instance.removed', { id: 1 });
    off();
    events.emit('instance.removed', { id: 2 });
    expect(seen).toEqual([1]);
  });
});
