import { ConnectedSocket, MessageBody, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import { DomainEvents, OnRequest, send } from '@aikore/api/kernel';
import { type Instance, sockets } from '@aikore/contract';
import type { Namespace, Socket } from 'socket.io';
import { InstanceStore } from './instance-store';

const room = 'instances';

/** `/instances`: a snapshot at `instances:join`, every change after it. */
@WebSocketGateway({ namespace: sockets.instances.namespace })
export class InstancesGateway {
  @WebSocketServer()
  private readonly namespace!: Namespace;

  constructor(
    private readonly store: InstanceStore,
    events: DomainEvents,
  ) {
    const { changed, ordered, removed, scriptChanged, blueprintsChanged } = sockets.instances.messages;
    events.on('instance.changed', ({ instance }) => send(this.namespace.to(room), changed, instance));
    events.on('instances.ordered', (order) => send(this.namespace.to(room), ordered, order));
    events.on('instance.removed', ({ id }) => send(this.namespace.to(room), removed, { id }));
    events.on('script.changed', ({ instanceId: id, etag }) =>
      send(this.namespace.to(room), scriptChanged, { id, etag }),
    );
    events.on('blueprints.changed', ({ filename }) => send(this.namespace.to(room), blueprintsChanged, { filename }));
  }

  @OnRequest(sockets.instances.requests.join)
  async join(@ConnectedSocket() socket: Socket, @MessageBody() _payload: unknown): Promise<{ instances: Instance[] }> {
    // Joined before the snapshot is read: a change in between arrives twice rather than never.
    await socket.join(room);
    return { instances: await this.store.list() };
  }
}
