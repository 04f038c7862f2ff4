import { createMemoryDigests } from '../../../shared/adapters/storage/memoryDigests.ts';
import { describeDigests } from './digestsContract.ts';

describeDigests('digests in memory', createMemoryDigests);
