import { endpointOf } from '@aikore/api/kernel';
import { routes } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { BlueprintCatalogue } from './blueprint-catalogue';
import { BlueprintsController } from './blueprints.controller';

describe('BlueprintsController', () => {
  it('answers the route of the contract with the catalogue', async () => {
    const catalogue = Object.assign(Object.create(BlueprintCatalogue.prototype) as BlueprintCatalogue, {
      list: () => Promise.resolve([]),
    });
    const controller = new BlueprintsController(catalogue);
    expect(await controller.list()).toEqual([]);
    expect(endpointOf(Reflect.get(controller, 'list') as object)).toBe(routes.listBlueprints);
  });
});
