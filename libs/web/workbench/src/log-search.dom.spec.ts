import { TestBed } from '@angular/core/testing';
import type { LogSearch as Answer } from '@aikore/contract';
import { ApiClient } from '@aikore/web/data';
import { describe, expect, it } from 'vitest';
import { LogSearch } from './log-search';

const quest = { instanceId: 1, run: 'r', text: 'x', from: undefined, back: false };
const hit = { offset: 300, end: 310, text: 'x' };

function searchOver(answers: Partial<Answer>[]) {
  const asked: Record<string, unknown>[] = [];
  const call = async (_: unknown, { query }: { query: Record<string, unknown> }) => {
    asked.push(query);
    const answer = answers.shift();
    if (!answer) throw new Error('asked too often');
    return { hits: [], searched: 100, next: null, ...answer };
  };
  TestBed.resetTestingModule();
  TestBed.configureTestingModule({ providers: [LogSearch, { provide: ApiClient, useValue: { call } }] });
  return { search: TestBed.inject(LogSearch), asked };
}

describe('LogSearch', () => {
  it('goes on where the last request stopped, until something is found', async () => {
    const { search, asked } = searchOver([{ next: 100 }, { next: 200 }, { hits: [hit], next: 310 }]);
    const found = search.find(quest);
    expect(search.searched()).toBe(0);
    expect(await found).toEqual(hit);
    expect(asked.map(({ from }) => from)).toEqual([undefined, 100, 200]);
    expect(search.searched()).toBeNull();
  });

  it('says when there is nothing, and ends where the server gets no further', async () => {
    expect(await searchOver([{ next: 100 }, {}]).search.find(quest)).toBeNull();
    expect(await searchOver([{ next: 0, searched: 0 }]).search.find(quest)).toBeNull();
  });

  it('is given up by a person, and by the next search', async () => {
    const { search, asked } = searchOver([{ next: 100 }, { hits: [hit] }]);
    const first = search.find(quest);
    const second = search.find(quest);
    expect([await first, await second]).toEqual(['cancelled', hit]);
    const third = searchOver([{ next: 100 }]);
    const cancelled = third.search.find(quest);
    third.search.cancel();
    expect(await cancelled).toBe('cancelled');
    expect(third.search.searched()).toBeNull();
    expect(asked).toHaveLength(2);
  });
});
