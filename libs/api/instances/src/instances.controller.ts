import { Controller, Req } from '@nestjs/common';
import { AppError, Caller, Endpoint, Gate, type Identity, Input, protocolOf } from '@aikore/api/kernel';
import { AppRoutes } from '@aikore/api/proxy';
import { type Instance, type RouteInput, type RouteResult, routes } from '@aikore/contract';
import type { Request } from 'express';
import { InstanceService } from './instance-service';
import { InstanceStore } from './instance-store';

@Controller()
export class InstancesController {
  constructor(
    private readonly store: InstanceStore,
    private readonly service: InstanceService,
    private readonly appRoutes: AppRoutes,
    private readonly gate: Gate,
  ) {}

  @Endpoint(routes.listInstances)
  list(): Promise<Instance[]> {
    return this.store.list();
  }

  @Endpoint(routes.createInstance)
  create(@Input() { body }: RouteInput<typeof routes.createInstance>): Promise<Instance> {
    return this.service.create(body);
  }

  @Endpoint(routes.getInstance)
  get(@Input() { params }: RouteInput<typeof routes.getInstance>): Promise<Instance> {
    return this.store.view(params.id);
  }

  @Endpoint(routes.updateInstance)
  update(@Input() { params, body }: RouteInput<typeof routes.updateInstance>): Promise<Instance> {
    return this.service.update(params.id, body);
  }

  @Endpoint(routes.deleteInstance)
  delete(@Input() { params, query }: RouteInput<typeof routes.deleteInstance>): Promise<void> {
    return this.service.delete(params.id, query.mode, query.overwrite);
  }

  @Endpoint(routes.actOnInstance)
  act(@Input() { params, query }: RouteInput<typeof routes.actOnInstance>): Promise<Instance> {
    return this.service.act(params.id, params.action, query);
  }

  @Endpoint(routes.openInstance)
  async open(
    @Input() { params, body }: RouteInput<typeof routes.openInstance>,
    @Caller() caller: Identity,
    @Req() request: Request,
  ): Promise<RouteResult<typeof routes.openInstance>> {
    const { name } = await this.store.row(params.id);
    const host = this.gate.hostOf(request);
    const protocol = protocolOf(request);
    const { path, embed } = { path: '/', embed: false, ...body };
    const address = host && { ...host, protocol };
    const url = address && this.appRoutes.openUrl(params.id, caller, address, path, embed);
    if (!url) throw new AppError('wrong_state', `"${name}" has no address yet. Start it first.`);
    return { url, framing: embed ? await this.appRoutes.framing(params.id, address, path) : null };
  }
}
