import { FakePtyHost } from './fake-pty-host';
import { ptyHostContract } from './pty-host.contract';

ptyHostContract('FakePtyHost', () => {
  const host = new FakePtyHost();
  const echo = { argv: ['cat'], cwd: '/there', env: {}, cols: 80, rows: 24 };
  host.missing.add('missing').add('/missing');
  return {
    host,
    echo,
    broken: [
      { ...echo, argv: ['missing'] },
      { ...echo, cwd: '/missing' },
    ],
  };
});
