import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { describeDocuments } from './documentsContract.ts';

describeDocuments('digests in memory', createMemoryDocuments);
