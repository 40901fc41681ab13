import { describe } from 'vitest';
import { FakeMemoryKills } from './fake-memory-kills';
import { memoryKillsContract } from './memory-kills.contract';

describe('FakeMemoryKills', () => memoryKillsContract(() => new FakeMemoryKills()));
