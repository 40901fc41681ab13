import { Controller } from '@nestjs/common';
import { Endpoint, Input } from '@aikore/api/kernel';
import { type InstanceOrder, type LaunchChanges, type RouteInput, routes, type VersionChoices } from '@aikore/contract';
import { LaunchHistory } from './launch-history';
import { OrderedInstances } from './ordered-instances';

/** What the table of instances needs beside the instances themselves. */
@Controller()
export class TableController {
  constructor(
    private readonly history: LaunchHistory,
    private readonly ordered: OrderedInstances,
  ) {}

  @Endpoint(routes.moveInstance)
  move(@Input() { body }: RouteInput<typeof routes.moveInstance>): Promise<InstanceOrder> {
    return this.ordered.move(body);
  }

  @Endpoint(routes.listChanges)
  changes(@Input() { params }: RouteInput<typeof routes.listChanges>): Promise<LaunchChanges> {
    return this.history.changes(params.id);
  }

  @Endpoint(routes.listVersions)
  versions(): Promise<VersionChoices> {
    return this.history.versions();
  }
}
