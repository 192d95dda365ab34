import { ApiProblem } from "@/api/client";

import { i18n } from "../i18n";

/** What to tell somebody of a failure: the house's own words where it has any. */
export function detailOf(problem: unknown): string {
  return problem instanceof ApiProblem ? problem.detail : i18n.global.t("shell.problem");
}

/** True when asking again may help: nobody answered, or the house itself was in trouble. */
export function mayPass(problem: unknown): boolean {
  return !(problem instanceof ApiProblem) || problem.status === 0 || problem.status >= 500;
}
