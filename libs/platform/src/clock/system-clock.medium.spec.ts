import { clockContract } from './clock.contract';
import { SystemClock } from './system-clock';

clockContract('SystemClock', () => ({
  clock: new SystemClock(),
  pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}));
