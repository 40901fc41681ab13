import { Controller } from '@nestjs/common';
import { AppConfig, Endpoint } from '@aikore/api/kernel';
import { type RouteResult, routes } from '@aikore/contract';
import { PortAllocator } from './port-allocator';

@Controller()
export class PortsController {
  constructor(
    private readonly allocator: PortAllocator,
    private readonly config: AppConfig,
  ) {}

  @Endpoint(routes.listPorts)
  async list(): Promise<RouteResult<typeof routes.listPorts>> {
    return { range: this.config.portRange, ports: await this.allocator.list() };
  }
}
