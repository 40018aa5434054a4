export { raiseClockOffset, readClockOffset, writeClockOffset } from './clock-offset.ts'
export { isObject, text, number } from './fields.ts'
export { indexedDbStore } from './indexed-db-store.ts'
export {
  forgetPendingAction,
  keepPendingAction,
  takePendingAction,
  type PendingAction,
} from './pending-action.ts'
export { memoryStore, type RecordKey, type RecordStore } from './record-store.ts'
export {
  offRecord,
  readRegistration,
  writeRegistration,
  type RegistrationRecord,
} from './registration-record.ts'
