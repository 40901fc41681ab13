import { Module } from '@nestjs/common';
import { BlueprintCatalogue } from './blueprint-catalogue';
import { BlueprintsController } from './blueprints.controller';

/** The catalogue of blueprints. Needs `AppConfig` and `DataLayout` from the application's global providers. */
@Module({
  controllers: [BlueprintsController],
  providers: [BlueprintCatalogue],
  exports: [BlueprintCatalogue],
})
export class BlueprintsModule {}
