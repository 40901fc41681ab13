import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InstanceEntity } from '@aikore/database';
import { PortAllocator } from './port-allocator';
import { PortsController } from './ports.controller';

@Module({
  imports: [TypeOrmModule.forFeature([InstanceEntity])],
  controllers: [PortsController],
  providers: [PortAllocator],
  exports: [PortAllocator],
})
export class PortsModule {}
