// The rrule package, the independent reading of RFC 5545. Used by the differential test and the benchmark.
// Node finds no named exports in its CommonJS, and the linter looks at its ES modules, which have no default export.
// oxlint-disable-next-line import/default
import rrule from 'rrule';

// oxlint-disable-next-line import/no-named-as-default-member
export const { RRule } = rrule;
