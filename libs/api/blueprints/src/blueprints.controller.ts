import { Controller } from '@nestjs/common';
import { Endpoint, Input } from '@aikore/api/kernel';
import { type Blueprint, type BlueprintText, type RouteInput, routes } from '@aikore/contract';
import { BlueprintCatalogue } from './blueprint-catalogue';
import { BlueprintTexts } from './blueprint-texts';
import { CustomBlueprints } from './custom-blueprints';

@Controller()
export class BlueprintsController {
  constructor(
    private readonly catalogue: BlueprintCatalogue,
    private readonly texts: BlueprintTexts,
    private readonly custom: CustomBlueprints,
  ) {}

  @Endpoint(routes.listBlueprints)
  list(): Promise<Blueprint[]> {
    return this.catalogue.list();
  }

  @Endpoint(routes.readBlueprint)
  read(@Input() { params }: RouteInput<typeof routes.readBlueprint>): Promise<BlueprintText> {
    return this.texts.read(params.filename);
  }

  @Endpoint(routes.saveBlueprint)
  save(@Input() { body }: RouteInput<typeof routes.saveBlueprint>): Promise<Blueprint> {
    return this.custom.save(body.filename, body.content, body.overwrite);
  }
}
