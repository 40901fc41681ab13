import { Controller } from '@nestjs/common';
import { Endpoint, Input } from '@aikore/api/kernel';
import { type InstanceScript, type RouteInput, routes, type ScriptCheck } from '@aikore/contract';
import { InstanceScripts } from './instance-scripts';
import { ScriptChecker } from './script-checker';

@Controller()
export class ScriptsController {
  constructor(
    private readonly scripts: InstanceScripts,
    private readonly checker: ScriptChecker,
  ) {}

  @Endpoint(routes.readScript)
  read(@Input() { params }: RouteInput<typeof routes.readScript>): Promise<InstanceScript> {
    return this.scripts.read(params.id);
  }

  @Endpoint(routes.saveScript)
  save(@Input() { params, body }: RouteInput<typeof routes.saveScript>): Promise<InstanceScript> {
    return this.scripts.save(params.id, body.content, body.etag);
  }

  @Endpoint(routes.resetScript)
  reset(@Input() { params, body }: RouteInput<typeof routes.resetScript>): Promise<InstanceScript> {
    return this.scripts.reset(params.id, body.etag);
  }

  @Endpoint(routes.checkScript)
  check(@Input() { body }: RouteInput<typeof routes.checkScript>): Promise<ScriptCheck> {
    return this.checker.check(body.content);
  }
}
