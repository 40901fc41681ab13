import { Module } from '@nestjs/common';
import { BlueprintCatalogue } from './blueprint-catalogue';
import { BlueprintTexts } from './blueprint-texts';
import { BlueprintsController } from './blueprints.controller';
import { CustomBlueprints } from './custom-blueprints';

/** The catalogue of blueprints. Needs `AppConfig`, `DataLayout`, `DomainEvents` and `Files` from the application's global providers. */
@Module({
  controllers: [BlueprintsController],
  providers: [BlueprintCatalogue, BlueprintTexts, CustomBlueprints],
  exports: [BlueprintCatalogue, BlueprintTexts],
})
export class BlueprintsModule {}
