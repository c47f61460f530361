export { BackupError } from './archive-format.ts';
export { type BackupReport, createBackup } from './create-backup.ts';
export { restoreBackup, type RestoreReport } from './restore-backup.ts';
