import type { Logger } from 'pino';
import type { Metrics } from '#platform/telemetry.ts';
import type { ReconcileReport } from './reconcile.ts';

/** Counts what goes wrong between us and the payment providers, and tells the log what each comparison came to. */
export function createBillingMetrics(
  metrics: Metrics,
  log: Logger,
): { onPlanChangeFailed: () => void; onReconciled: (report: ReconcileReport) => void } {
  const planChangeFailures = metrics.counter(
    'pingvas_plan_change_failures_total',
    'Changes of plan that the payment provider did not take; each is tried again',
    [],
  );
  const drift = metrics.counter(
    'pingvas_billing_drift_total',
    'Objects of a payment provider that were not as we had them: deliveries were lost',
    ['provider'],
  );
  const reconcileFailures = metrics.counter(
    'pingvas_billing_reconcile_failures_total',
    'Objects of a payment provider that could not be compared; each is tried again',
    ['provider'],
  );
  const unplaced = metrics.counter(
    'pingvas_billing_unplaced_total',
    'Objects of a payment provider that belong to no workspace we know; counted in each comparison that sees them',
    ['provider'],
  );
  return {
    onPlanChangeFailed: () => planChangeFailures.add({}),
    onReconciled: (report) => {
      const { provider } = report;
      drift.add({ provider }, report.drifted);
      reconcileFailures.add({ provider }, report.failed);
      const nobodys = report.passedOver.no_workspace ?? 0;
      unplaced.add({ provider }, nobodys);
      log[report.drifted + report.failed + nobodys > 0 ? 'warn' : 'info'](report, 'compared with the payment provider');
    },
  };
}
