import { Module } from '@nestjs/common';
import { AppRoutes } from './app-routes';
import { EmbeddedProxy } from './embedded-proxy';
import { FrontDoor } from './front-door';

/** Needs AppConfig, DomainEvents, Gate and PortHolder from global modules. */
@Module({
  providers: [EmbeddedProxy, FrontDoor, { provide: AppRoutes, useExisting: EmbeddedProxy }],
  exports: [AppRoutes, FrontDoor],
})
export class ProxyModule {}
