import type { Language } from '../../../base/text/language.ts';
import { isRefusal, type Result } from '../../../base/result.ts';
import type { PublicReport, PublicReports } from '../../cases/index.ts';
import type { ServiceRequest } from '../contract.ts';
import type { Open311 } from './open311.ts';

/** Reports of a page. */
const pageSize = 30;

const reportOf = (request: ServiceRequest): PublicReport => ({
  number: request.service_request_id, title: request.description, service: request.service_name, open: request.status === 'open', words: request.status_notes, where: request.address,
  at: Date.parse(request.requested_datetime), changedAt: Date.parse(request.updated_datetime),
  point: request.lat === null || request.long === null ? null : { lng: request.long, lat: request.lat },
});

/** What the residents' pages show of everybody's reports: the same public list that programs read, of one county. */
export const publicReports = (open311: Open311, county: string): PublicReports => {
  const reader = (language: Language) => ({ program: null, language, extensions: false });
  return {
    async services(language) {
      const jurisdiction = await open311.jurisdiction(county);
      return isRefusal(jurisdiction) ? [] : open311.services(jurisdiction, language).map(({ service_code, service_name }) => ({ code: service_code, name: service_name }));
    },
    async list({ service, village, after }, language): Promise<Result<{ items: readonly PublicReport[]; next: string | null }>> {
      const jurisdiction = await open311.jurisdiction(county);
      if (isRefusal(jurisdiction)) return jurisdiction;
      const page = await open311.requests(jurisdiction, {
        page_size: pageSize, ...(service !== undefined && { service_code: service }), ...(village !== undefined && { address_id: village }), ...(after !== undefined && { after }),
      }, reader(language));
      return isRefusal(page) ? page : { items: page.items.map(reportOf), next: page.after };
    },
    async one(number, language) {
      const jurisdiction = await open311.jurisdiction(county);
      if (isRefusal(jurisdiction)) return jurisdiction;
      const found = await open311.request(jurisdiction, number, reader(language));
      return isRefusal(found) ? found : reportOf(found[0]!);
    },
  };
};
