import { Injectable } from '@nestjs/common';
import { BlueprintCatalogue } from '@aikore/api/blueprints';
import { Files } from '@aikore/platform';
import { Provisioner } from './supervisor/provisioner';

/** What editing needs of the disk. */
@Injectable()
export class InstanceDisk {
  constructor(
    readonly blueprints: BlueprintCatalogue,
    readonly provisioner: Provisioner,
    readonly files: Files,
  ) {}
}
