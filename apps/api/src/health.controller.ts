import { Controller } from '@nestjs/common';
import { AppConfig, Endpoint } from '@aikore/api/kernel';
import { type RouteResult, routes } from '@aikore/contract';

@Controller()
export class HealthController {
  constructor(private readonly config: AppConfig) {}

  @Endpoint(routes.health)
  health(): RouteResult<typeof routes.health> {
    return { status: 'ok', version: this.config.version };
  }
}
