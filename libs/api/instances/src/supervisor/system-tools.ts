import { Injectable } from '@nestjs/common';
import { Clock, Files, FreePorts, PortHolder, PortProbe, RunLauncher } from '@aikore/platform';

/** The operating system's side of supervision, in one injectable. */
@Injectable()
export class SystemTools {
  constructor(
    readonly clock: Clock,
    readonly files: Files,
    readonly launcher: RunLauncher,
    readonly probe: PortProbe,
    readonly freePorts: FreePorts,
    readonly portHolder: PortHolder,
  ) {}
}
