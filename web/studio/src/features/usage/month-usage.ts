import { api } from '../../api/api.ts';
import type { Job, JobPage } from '../../api/api.gen.ts';

const pageSize = 100;
const pagesMax = 10;

/** What ended jobs of a month cost, by local day and model. `counted` is how many jobs were looked at when there were more than can be. */
export type MonthUsage = {
  days: { day: string; byModel: Record<string, number> }[];
  models: string[];
  counted?: number;
};

/** Adds up the jobs that cost something since `start`, one entry a day until `now`, days without use included. */
export function sumByDay(jobs: Job[], start: Date, now: Date): MonthUsage {
  const days = new Map<string, Record<string, number>>();
  for (const day = new Date(start); day <= now; day.setDate(day.getDate() + 1)) days.set(dayOf(day), {});
  days.set(dayOf(now), {});
  const models = new Map<string, number>();
  for (const { finished_at, charged_credits, request } of jobs) {
    const byModel = finished_at === null ? undefined : days.get(dayOf(new Date(finished_at)));
    if (!byModel || !charged_credits) continue;
    const model = request?.model ?? '?';
    byModel[model] = (byModel[model] ?? 0) + charged_credits;
    models.set(model, (models.get(model) ?? 0) + charged_credits);
  }
  return {
    days: [...days].map(([day, byModel]) => ({ day, byModel })),
    models: [...models].sort(([, one], [, other]) => other - one).map(([model]) => model),
  };
}

const dayOf = (date: Date): string =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;

const usageApi = api.injectEndpoints({
  endpoints: (build) => ({
    /** Reads jobs back to the start of the period (RFC 3339), a thousand at most. */
    monthUsage: build.query<MonthUsage, string>({
      queryFn: async (start, _api, _extra, call) => {
        const jobs: Job[] = [];
        let cursor: string | null = null;
        for (let page = 0; page < pagesMax; page += 1) {
          const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
          const answer = await call(`api/v1/jobs?limit=${pageSize}${query}`);
          if (answer.error) return { error: answer.error };
          const { data, next_cursor } = answer.data as JobPage;
          jobs.push(...data);
          cursor = next_cursor;
          if (cursor === null || (data.at(-1)?.created_at ?? '') < start) break;
        }
        const sums = sumByDay(jobs, new Date(start), new Date());
        const oldest = jobs.at(-1)?.created_at ?? '';
        return { data: cursor !== null && oldest >= start ? { ...sums, counted: jobs.length } : sums };
      },
      providesTags: ['Jobs'],
    }),
  }),
});

export const { useMonthUsageQuery } = usageApi;
