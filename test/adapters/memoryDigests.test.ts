import { createMemoryDigests } from '../../shared/adapters/memoryDigests.ts';
import { describeDigests } from './digestsContract.ts';

describeDigests('digests in memory', createMemoryDigests);
