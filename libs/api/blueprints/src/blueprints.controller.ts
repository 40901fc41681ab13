import { Controller } from '@nestjs/common';
import { Endpoint } from '@aikore/api/kernel';
import { type Blueprint, routes } from '@aikore/contract';
import { BlueprintCatalogue } from './blueprint-catalogue';

@Controller()
export class BlueprintsController {
  constructor(private readonly catalogue: BlueprintCatalogue) {}

  @Endpoint(routes.listBlueprints)
  list(): Promise<Blueprint[]> {
    return this.catalogue.list();
  }
}
