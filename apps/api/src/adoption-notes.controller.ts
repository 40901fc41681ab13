import { Controller } from '@nestjs/common';
import { Endpoint } from '@aikore/api/kernel';
import { type RouteResult, routes } from '@aikore/contract';
import { listAdoptionNotes } from '@aikore/database';
import { DataSource } from 'typeorm';

@Controller()
export class AdoptionNotesController {
  constructor(private readonly dataSource: DataSource) {}

  @Endpoint(routes.listAdoptionNotes)
  list(): Promise<RouteResult<typeof routes.listAdoptionNotes>> {
    return listAdoptionNotes(this.dataSource);
  }
}
