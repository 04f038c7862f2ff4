import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { describeTables } from './tablesContract.ts';

describeTables('tables in memory', createMemoryTables);
