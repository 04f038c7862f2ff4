import { judgeWeeks } from './judgeWeeks.ts';

judgeWeeks('even');
