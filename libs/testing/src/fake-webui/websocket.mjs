import { createHash } from 'node:crypto';

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Answer an upgrade with a WebSocket that echoes every frame of up to 65,535 bytes (RFC 6455). */
export function echoSocket(request, socket) {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${guid}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let pending = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = takeFrame(); frame; frame = takeFrame()) {
      if ((frame.first & 0x0f) === 8) return socket.end(frameOf(frame.first, frame.payload));
      socket.write(frameOf((frame.first & 0x0f) === 9 ? 0x8a : frame.first, frame.payload));
    }
    return undefined;
  });

  function takeFrame() {
    if (pending.length < 2) return null;
    const isLong = (pending[1] & 0x7f) === 126;
    const head = isLong ? 4 : 2;
    if (pending.length < head + 4) return null;
    const length = isLong ? pending.readUInt16BE(2) : pending[1] & 0x7f;
    if (pending.length < head + 4 + length) return null;
    const mask = pending.subarray(head, head + 4);
    const payload = Buffer.from(pending.subarray(head + 4, head + 4 + length).map((byte, at) => byte ^ mask[at % 4]));
    const first = pending[0];
    pending = pending.subarray(head + 4 + length);
    return { first, payload };
  }
}

function frameOf(first, payload) {
  const head = payload.length < 126 ? Buffer.from([first, payload.length]) : Buffer.from([first, 126, 0, 0]);
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
