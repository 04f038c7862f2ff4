import { createMemoryTables } from '../../shared/adapters/memoryTables.ts';
import { describeTables } from './tablesContract.ts';

describeTables('tables in memory', createMemoryTables);
