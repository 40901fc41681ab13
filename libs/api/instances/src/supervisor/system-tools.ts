import { Injectable } from '@nestjs/common';
import { DataLayout } from '@aikore/api/kernel';
import { Clock, Files, FreePorts, PortHolder, PortProbe, RunLauncher } from '@aikore/platform';

/** The operating system's side of supervision, and where things are on the disk, in one injectable. */
@Injectable()
export class SystemTools {
  constructor(
    readonly layout: DataLayout,
    readonly clock: Clock,
    readonly files: Files,
    readonly launcher: RunLauncher,
    readonly probe: PortProbe,
    readonly freePorts: FreePorts,
    readonly portHolder: PortHolder,
  ) {}
}
